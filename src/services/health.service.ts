import { setTimeout as sleep } from 'node:timers/promises';
import { database, isExhausted, getLastAnswerAt, getSqlState } from '../database';
import type { ErrorDetail } from '../errors';
import { registerGauge } from '../integrations/metrics';
import { createProbe } from '../integrations/probe';
import { redis } from '../integrations/redis';
import { cachedFor } from '../lib/cached-for';
import { readDatabaseState } from '../models/health.model';

/** A check that began longer ago than this is made anew; together with what one takes that stays under 2 s. */
const KNOWN_FOR_MS = 1000;
const LIMIT_MS = 800;
// No such table or schema, or no right to read it: migrating makes the tables and gives the rights.
const NOT_MIGRATED = new Set(['42P01', '3F000', '42501']);

type DatabaseHealth = 'up' | 'down' | 'read-only' | 'exhausted' | 'not migrated';

export interface Health {
  /** Whether this process can do its work: requests, or jobs. */
  isReady: boolean;
  database: DatabaseHealth;
  /** Requests go on without it, so it makes no process unready. */
  redis: 'up' | 'down' | 'not used';
  /** Why it is not ready. */
  problems: ErrorDetail[];
}

type Check = () => ErrorDetail | undefined;

export const probe = createProbe(LIMIT_MS);
const checks: Check[] = [];
let isStopping = false;

/** From now on this process is not ready, whatever else holds. */
export function announceStop(): void {
  isStopping = true;
}

/** One more thing that this process needs to be ready; it says what is wrong. */
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
 * Whether requests get answers over the connections that they use: these can be silent, or all stuck behind a lock, while a
 * connection of our own is served. A pool that is merely busy goes on giving answers to others while this waits for its turn.
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
  const isAnswered = await Promise.race([pendingPoolCheck, sleep(LIMIT_MS, false, { ref: false })]);
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

const checkServers = cachedFor(KNOWN_FOR_MS, async () => {
  const [database, isServing, redis] = await Promise.all([checkDatabase(), checkPool(), checkRedis()]);
  return { database, isServing, redis };
});

const ABOUT_DATABASE: Record<Exclude<DatabaseHealth, 'up'>, string> = {
  down: 'PostgreSQL does not answer.',
  'read-only': 'PostgreSQL takes no writes.',
  exhausted: 'PostgreSQL refused statements for lack of disk space, memory or connections.',
  'not migrated': 'The schema is older than the program: run the migrations.',
};

/** How this process and its servers are, at most 1 s ago; however many ask, they are asked once a second. */
export async function getHealth(): Promise<Health> {
  const { isServing, ...servers } = await checkServers();
  const problems = checks.flatMap((check) => check() ?? []);
  if (servers.database !== 'up') problems.unshift({ path: 'database', message: ABOUT_DATABASE[servers.database] });
  else if (!isServing) problems.unshift({ path: 'requests', message: 'Requests get no answers from PostgreSQL.' });
  if (isStopping) problems.unshift({ path: 'process', message: 'It is stopping.' });
  return { isReady: problems.length === 0, ...servers, problems };
}

export async function closeHealth(): Promise<void> {
  await probe.close();
}

registerGauge(
  { name: 'bilten_up', help: '1 where this process reaches a server and can work with it', labels: ['server'] },
  async (set) => {
    const health = await getHealth();
    set(Number(health.database === 'up'), { server: 'postgresql' });
    if (health.redis !== 'not used') set(Number(health.redis === 'up'), { server: 'redis' });
  },
);
registerGauge(
  {
    name: 'bilten_database_exhausted',
    help: '1 where PostgreSQL lately had no disk space, memory or connections left',
  },
  (set) => set(Number(isExhausted())),
);
registerGauge({ name: 'bilten_ready', help: '1 where /health/ready says so' }, async (set) =>
  set(Number((await getHealth()).isReady)),
);
