import { setTimeout as sleep } from 'node:timers/promises';
import { database, isExhausted, getLastAnswerAt, getSqlState } from '../database';
import type { ErrorDetail } from '../errors';
import { registerGauge } from '../integrations/metrics';
import { createProbe } from '../integrations/probe';
import { redis } from '../integrations/redis';
import { cachedFor } from '../lib/cached-for';
import { readDatabaseState } from '../models/health.model';

/** The result of a check is reused for this long. Together with the duration of a check this stays under 2 s. */
const MAX_CACHE_AGE_MS = 1000;
const CHECK_TIMEOUT_MS = 800;
// Missing table or schema, or no right to read it; migrations create the tables and grant the rights.
const NOT_MIGRATED = new Set(['42P01', '3F000', '42501']);

type DatabaseHealth = 'up' | 'down' | 'read-only' | 'exhausted' | 'not migrated';

export interface Health {
  /** Whether this process can handle requests or jobs. */
  isReady: boolean;
  database: DatabaseHealth;
  /** Requests work without Redis, so it does not affect readiness. */
  redis: 'up' | 'down' | 'not used';
  /** The reasons why it is not ready. */
  problems: ErrorDetail[];
}

type Check = () => ErrorDetail | undefined;

export const probe = createProbe(CHECK_TIMEOUT_MS);
const checks: Check[] = [];
let isStopping = false;

/** Marks this process as stopping, and so as not ready. */
export function announceStop(): void {
  isStopping = true;
}

/** Adds a check that returns a problem while this process is not ready. */
export function addHealthCheck(check: Check): void {
  checks.push(check);
}

async function checkDatabase(): Promise<DatabaseHealth> {
  try {
    const { isReadOnly, missingMigrations } = await readDatabaseState(probe.ask);
    if (isReadOnly) return 'read-only';
    if (isExhausted()) return 'exhausted';
    return missingMigrations.length > 0 ? 'not migrated' : 'up';
  } catch (error) {
    return NOT_MIGRATED.has(getSqlState(error) ?? '') ? 'not migrated' : 'down';
  }
}

let pendingPoolCheck: Promise<boolean> | undefined;

/**
 * Returns whether the pool's connections respond. They may be silent, or all stuck behind a lock, while the probe's own connection
 * works. A pool that is merely busy still answers other requests while this check waits for a connection.
 */
async function checkPool(): Promise<boolean> {
  const startedAt = performance.now();
  pendingPoolCheck ??= database
    .raw('SELECT 1')
    .then(
      () => true,
      () => false,
    )
    .finally(() => (pendingPoolCheck = undefined));
  const isAnswered = await Promise.race([pendingPoolCheck, sleep(CHECK_TIMEOUT_MS, false, { ref: false })]);
  return isAnswered || getLastAnswerAt() > startedAt;
}

async function checkRedis(): Promise<Health['redis']> {
  const client = redis();
  if (!client) return 'not used';
  return client.ping().then(
    () => 'up',
    () => 'down',
  );
}

const checkServers = cachedFor(MAX_CACHE_AGE_MS, async () => {
  const [database, isServing, redis] = await Promise.all([checkDatabase(), checkPool(), checkRedis()]);
  return { database, isServing, redis };
});

const DATABASE_PROBLEMS: Record<Exclude<DatabaseHealth, 'up'>, string> = {
  down: 'PostgreSQL does not respond.',
  'read-only': 'PostgreSQL is read-only.',
  exhausted: 'PostgreSQL has run out of disk space, memory or connections.',
  'not migrated': 'The schema is outdated: run the migrations.',
};

/** Returns the health of this process and its servers, at most 1 s old. Servers are checked at most once per second. */
export async function getHealth(): Promise<Health> {
  const { isServing, ...servers } = await checkServers();
  const problems = checks.flatMap((check) => check() ?? []);
  if (servers.database !== 'up') problems.unshift({ path: 'database', message: DATABASE_PROBLEMS[servers.database] });
  else if (!isServing) problems.unshift({ path: 'requests', message: 'PostgreSQL does not respond to requests.' });
  if (isStopping) problems.unshift({ path: 'process', message: 'The process is stopping.' });
  return { isReady: problems.length === 0, ...servers, problems };
}

export async function closeHealth(): Promise<void> {
  await probe.close();
}

registerGauge(
  { name: 'bilten_up', help: '1 if this process can reach and use a server', labels: ['server'] },
  async (set) => {
    const health = await getHealth();
    set(Number(health.database === 'up'), { server: 'postgresql' });
    if (health.redis !== 'not used') set(Number(health.redis === 'up'), { server: 'redis' });
  },
);
registerGauge(
  {
    name: 'bilten_database_exhausted',
    help: '1 if PostgreSQL recently ran out of disk space, memory or connections',
  },
  (set) => set(Number(isExhausted())),
);
registerGauge({ name: 'bilten_ready', help: '1 if /health/ready reports ready' }, async (set) =>
  set(Number((await getHealth()).isReady)),
);
