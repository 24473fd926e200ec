'use strict';

const { createRequire } = require('node:module');
const path = require('node:path');
const { compileFunction } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

const PACKAGES = `${path.sep}node_modules${path.sep}`;
// jest-circus stores the tests of a file, so each file needs its own copy.
const FRAMEWORK = path.join(PACKAGES, 'jest-circus', path.sep);

/**
 * The compiled functions of the project's modules. Each runs once per test file.
 * @type {Map<string, { run: Function, sourceMap: string | undefined }>}
 */
const compiled = new Map();

/** @param {string} name */
const isOwn = (name) => name.startsWith('.') || name.startsWith('#') || path.isAbsolute(name);

/**
 * Loads packages once per worker, as Node.js does, and only the project's modules for each test file. Packages are most of
 * the code, and code that has run before is faster. All modules share one realm; see environment.ts.
 */
module.exports = class Runtime extends JestRuntime {
  /** @param {ConstructorParameters<typeof JestRuntime>} options */
  constructor(...options) {
    super(...options);
    const { transformCache, executor } = /** @type {any} */ (this);
    const { watch, watchAll } = /** @type {import('@jest/types').Config.GlobalConfig} */ (options.at(-1));
    const kept = watch || watchAll ? new Map() : compiled;
    const { transform } = transformCache;
    transformCache.transform = (/** @type {string} */ filename, /** @type {object} */ how) => {
      if (!kept.has(filename)) return transform.call(transformCache, filename, how);
      const { sourceMap } = kept.get(filename);
      if (sourceMap) transformCache.sourceMaps.set(filename, sourceMap);
      return '';
    };
    executor.compile = (/** @type {string} */ source, /** @type {string} */ filename) => {
      if (!executor.environment.getVmContext()) return null;
      if (!kept.has(filename)) {
        const run = compileFunction(source, executor.injectedModuleParameters, { filename });
        kept.set(filename, { run, sourceMap: transformCache.sourceMaps.get(filename) });
      }
      return kept.get(filename).run;
    };
  }

  /**
   * @override
   * @template T
   * @param {string} from
   * @param {string} name
   * @returns {T}
   */
  requireModuleOrMock(from, name) {
    return isOwn(name) ? super.requireModuleOrMock(from, name) : createRequire(from)(name);
  }

  /**
   * @override
   * @template T
   * @param {string} from
   * @param {string} [to]
   * @returns {T}
   */
  requireInternalModule(from, to) {
    if (to === undefined) return super.requireInternalModule(from, to);
    const file = createRequire(from).resolve(to);
    return (file.includes(PACKAGES) && !file.includes(FRAMEWORK)) || !path.isAbsolute(file)
      ? require(file)
      : super.requireInternalModule(from, to);
  }
};
