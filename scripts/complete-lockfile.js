'use strict';

// A registry mirror may lack packages with binaries for other platforms. npm then omits them from the lock file, and `npm ci`
// rejects that lock file everywhere. This script adds them; npm only downloads those for its own platform.

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, optional?: boolean, dev?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[] }} Entry
 */

const FILE = path.join(__dirname, '..', 'package-lock.json');
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
/** @type {Record<string, string>} */
const ALIASES = { windows: 'win32', ppc64le: 'ppc64', armv7: 'arm', 'arm-eabi': 'arm', gnueabihf: 'arm' };
/** @type {Record<string, string>} */
const LIBRARIES = { gnu: 'glibc', glibc: 'glibc', musl: 'musl', gnueabihf: 'glibc', musleabihf: 'musl' };

/**
 * Returns the platform in the name of a package, such as `core-linux-arm64-gnu`.
 * @param {string} name
 * @returns {Pick<Entry, 'os' | 'cpu' | 'libc'>}
 */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const known = words.map((word) => ALIASES[word] ?? word);
  const os = known.filter((word) => SYSTEMS.includes(word));
  const cpu = known.filter((word) => PROCESSORS.includes(word)).slice(0, 1);
  const libc = words.flatMap((word) => LIBRARIES[word] ?? []);
  return { ...(cpu.length && { cpu }), ...(libc.length && os.includes('linux') && { libc }), ...(os.length && { os }) };
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
/** @type {Record<string, Entry>} */
const packages = lock.packages;
/** @type {string[]} */
const added = [];
for (const [parent, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (packages[place] || packages[`${parent}/${place}`]) continue;
    const version = /\d+\.\d+\.\d+\S*/.exec(range)?.[0];
    const platform = platformOf(name);
    if (!version || !(platform.os || platform.cpu))
      throw new Error(`${parent} wants ${name}@${range}, which is not in the lock and says no platform`);
    packages[place] = { version, ...(entry.dev && { dev: true }), optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
}
const [root = ['', {}], ...rest] = Object.entries(packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length ? `Added ${added.length}: ${added.join(', ')}` : 'The lock file is complete.');
