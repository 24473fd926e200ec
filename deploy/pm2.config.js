'use strict';

// pm2 start deploy/pm2.config.js: two APIs on ports 4000 and 4001, where nginx/upstream.conf expects them, and two workers.
// Settings come from the environment or from .env in the folder of the program.

const path = require('node:path');

const common = {
  cwd: path.join(__dirname, '..'),
  exec_mode: 'fork',
  instances: 2,
  // A process finishes its requests within 20 s after SIGTERM.
  kill_timeout: 45_000,
  // Longer than a restart of PostgreSQL, and without a limit on attempts.
  exp_backoff_restart_delay: 200,
  time: false,
};

module.exports = {
  apps: [
    {
      ...common,
      name: 'bilten-api',
      script: 'dist/server.js',
      increment_var: 'PORT',
      env: { NODE_ENV: 'production', HOST: '127.0.0.1', TRUST_PROXY: '1', PORT: '4000' },
    },
    {
      ...common,
      name: 'bilten-worker',
      script: 'dist/worker.js',
      increment_var: 'WORKER_PORT',
      env: { NODE_ENV: 'production', HOST: '127.0.0.1', WORKER_PORT: '4100' },
    },
  ],
};
