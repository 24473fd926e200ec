'use strict';

// npm run build: compiles into a new folder and moves each changed file into dist atomically, so that neither concurrent builds nor
// a running program see incomplete files. Does nothing if dist is what these sources compile to: every command builds first.

const { createHash } = require('node:crypto');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const PREFIX = '.dist-';
const ABANDONED_MS = 600_000;
/** The hashes of what was compiled, and of what it became. */
const stamp = path.join(root, '.cache', 'build');
// Besides the sources: which compiler and packages are installed, and how it is called.
const INPUTS = [
  'node_modules/.package-lock.json',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.js',
];

/** @param {string} folder @returns {string[]} all files below the folder */
function filesOf(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

/** @param {string} folder @param {string[]} files */
function hash(folder, files) {
  const sum = createHash('sha256');
  for (const file of files.sort()) {
    const content = fs.readFileSync(path.join(folder, file));
    sum.update(`${file}\0${content.length}\0`).update(content);
  }
  return sum.digest('hex');
}

function hashSources() {
  const inputs = INPUTS.filter((file) => fs.existsSync(path.join(root, file)));
  return hash(root, [...inputs, ...filesOf(path.join(root, 'src')).map((file) => path.join('src', file))]);
}

/** @param {string} sources their hash */
function isBuilt(sources) {
  try {
    return fs.readFileSync(stamp, 'utf8') === `${sources} ${hash(dist, filesOf(dist))}`;
  } catch {
    return false;
  }
}

/** @param {string} content */
function writeStamp(content) {
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  const fresh = `${stamp}-${process.pid}`;
  fs.writeFileSync(fresh, content);
  fs.renameSync(fresh, stamp);
}

/** @param {string} file @param {Buffer} content */
function hasContent(file, content) {
  try {
    return fs.readFileSync(file).equals(content);
  } catch {
    return false;
  }
}

/** @param {string} fresh */
function publish(fresh) {
  const files = filesOf(fresh);
  for (const file of files) {
    const target = path.join(dist, file);
    if (hasContent(target, fs.readFileSync(path.join(fresh, file)))) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.renameSync(path.join(fresh, file), target);
  }
  const wanted = new Set(files);
  for (const file of filesOf(dist)) if (!wanted.has(file)) fs.rmSync(path.join(dist, file), { force: true });
}

function removeAbandoned() {
  for (const name of fs.readdirSync(root).filter((each) => each.startsWith(PREFIX))) {
    const folder = path.join(root, name);
    const { mtimeMs } = fs.statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > ABANDONED_MS) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {string | undefined} undefined if the checkout is read-only and already built */
function freshFolder() {
  try {
    removeAbandoned();
    return fs.mkdtempSync(path.join(root, PREFIX));
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!['EROFS', 'EACCES', 'EPERM'].includes(code)) throw error;
    if (fs.existsSync(path.join(dist, 'start.js'))) return undefined;
    console.error(
      `The program is not built, and ${root} can't be written to (${code}): run npm run build where it can.`,
    );
    process.exit(1);
  }
}

// Taken before compiling: a source that changes meanwhile is compiled by the next build.
const sources = hashSources();
const fresh = isBuilt(sources) ? undefined : freshFolder();
if (fresh) {
  const compiler = path.join(root, 'node_modules/@typescript/native/bin/tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh];
  try {
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (status === 0) {
      const compiled = hash(fresh, filesOf(fresh));
      publish(fresh);
      writeStamp(`${sources} ${compiled}`);
    }
    process.exitCode = status ?? 1;
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}
