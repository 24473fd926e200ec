'use strict';

const { projects, ...common } = require('./jest.config.js');

const { displayName: _, ...withServers } = projects.find((project) => project.displayName === 'integration');

/**
 * What `npm run test:chaos` runs: the program in processes of its own, on a PostgreSQL that keeps what it has committed.
 * @type {import('jest').Config}
 */
module.exports = {
  ...common,
  ...withServers,
  maxWorkers: 1,
  testMatch: ['<rootDir>/tests/chaos/**/*.test.ts'],
};
