// @ts-check
// Plain JavaScript, because threads run this file directly, both in tests and in the build.
const os = require('node:os');
const { compareSync, hashSync } = require('bcryptjs');

// On Linux this sets the priority of the calling thread only, so that threads serving requests go first. Hashing still gets about
// a tenth of a busy core, so that people can sign in during a rush. On other systems it would affect the whole process.
const NICENESS = 10;
if (os.platform() === 'linux') os.setPriority(0, NICENESS);

/**
 * @param {{ password: string, cost: number }} task
 * @returns {string}
 */
function hash({ password, cost }) {
  return hashSync(password, cost);
}

/**
 * @param {{ password: string, hash: string }} task
 * @returns {boolean}
 */
function compare(task) {
  return compareSync(task.password, task.hash);
}

module.exports = { hash, compare };
