'use strict';

// npm run build: compiles into a new folder and moves each changed file into dist atomically, so that neither concurrent builds nor
// a running program see incomplete files.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const PREFIX = '.dist-';
const ABANDONED_MS = 600_000;

/** @param {string} folder @returns {string[]} all files below the folder */
function filesOf(folder) {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
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

const fresh = freshFolder();
if (fresh) {
  const compiler = path.join(root, 'node_modules/@typescript/native/bin/tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh];
  try {
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
    if (status === 0) publish(fresh);
    process.exitCode = status ?? 1;
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}
