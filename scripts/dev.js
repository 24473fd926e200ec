'use strict';

// npm run dev: compiles on every change, and restarts the program after each successful compilation.

const { spawn } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '..');
const compiler = spawn(
  process.execPath,
  [
    path.join(root, 'node_modules/@typescript/native/bin/tsc'),
    '-p',
    'tsconfig.build.json',
    '--watch',
    '--preserveWatchOutput',
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
);
/** @type {import('node:child_process').ChildProcess | undefined} */
let program;
let isStopping = false;
let turn = Promise.resolve();

/** @returns {Promise<void>} */
function end() {
  const ending = program;
  program = undefined;
  if (!ending || ending.exitCode !== null || ending.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    ending.once('exit', () => resolve());
    ending.kill('SIGTERM');
  });
}

async function restart() {
  await end();
  // Detached, because Ctrl-C reaches the whole process group of the terminal, but this script decides when to stop the program.
  if (!isStopping)
    program = spawn(process.execPath, [path.join(root, 'dist/start.js')], {
      cwd: root,
      stdio: 'inherit',
      detached: true,
    });
}

async function stop() {
  if (isStopping) return;
  isStopping = true;
  compiler.kill();
  await turn.then(end);
  process.exit(0);
}

compiler.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
  process.stdout.write(text);
  if (/Found 0 errors/.test(text)) turn = turn.then(restart);
});
compiler.once('exit', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
