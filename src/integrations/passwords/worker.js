// @ts-check
// Plain JavaScript: threads start it as it stands, from the sources under test and from the build alike.
const os = require('node:os');
const { compareSync, hashSync } = require('bcryptjs');

// On Linux this is the priority of the calling thread alone: whoever serves requests goes first. A tenth of a busy core is
// left to hashing, so that people can sign in during a rush as well. Elsewhere it would be the whole process.
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
