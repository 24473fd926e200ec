'use strict';

const os = require('node:os');

const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

const common = {
  rootDir: __dirname,
  runtime: '<rootDir>/tests/helpers/jest/runtime.js',
  testEnvironment: '<rootDir>/tests/helpers/jest/environment.ts',
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  setupFiles: ['<rootDir>/tests/helpers/jest/settings.ts'],
};

// These get PostgreSQL and Redis for the run, and a database of its own for each file.
const withServers = {
  ...common,
  globalSetup: '<rootDir>/tests/helpers/jest/global-setup.ts',
  globalTeardown: '<rootDir>/tests/helpers/jest/global-teardown.ts',
  testEnvironment: '<rootDir>/tests/helpers/jest/database-environment.ts',
  setupFilesAfterEnv: ['<rootDir>/tests/helpers/jest/database.ts'],
};

/** @type {import('jest').Config} */
module.exports = {
  // Tests wait for servers more than they compute.
  maxWorkers: Math.max(3, Math.min(8, os.availableParallelism())),
  testTimeout: 30_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/tests/unit/**/*.test.ts'] },
    { ...withServers, displayName: 'integration', testMatch: ['<rootDir>/tests/integration/**/*.test.ts'] },
    { ...withServers, displayName: 'contract', testMatch: ['<rootDir>/tests/contract/**/*.test.ts'] },
    { ...withServers, displayName: 'browser', testMatch: ['<rootDir>/tests/browser/**/*.test.ts'] },
  ],
};
