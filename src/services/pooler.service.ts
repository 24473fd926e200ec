import { setTimeout as sleep } from 'node:timers/promises';
import { config } from '../config';
import { stopPreparing } from '../database';
import { supportsSessions, supportsPreparedStatements } from '../integrations/pooler';
import { logger } from '../logger';
import { addHealthCheck } from './health.service';

const RETRY_MS = 5000;
// PostgreSQL answers within milliseconds if it is available.
const START_MS = 2000;

const describeMissingSessions = (setting: string): string =>
  `The queues need dedicated connections to PostgreSQL, but ${setting} leads to a pooler that shares them (PgBouncer in transaction mode): ` +
  'set DATABASE_DIRECT_URL to the same database without the pooler, or set REDIS_URL.';
const UNPREPARED =
  'DATABASE_URL leads to a pooler that does not support named prepared statements, so this process does not use them. ' +
  'Set DATABASE_PREPARED_STATEMENTS=false, or max_prepared_statements in PgBouncer 1.21 or newer.';

async function retryUntilAnswered<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch {
      await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  return undefined;
}

export interface PoolerCheck {
  stop(): void;
}

/**
 * Checks what a pooler in front of PostgreSQL does not support, and logs which settings to change. Resolves when that is known, or
 * after 2 s if PostgreSQL is unavailable; the check then goes on in the background.
 */
export async function checkPooler({ needsSessions }: { needsSessions: boolean }): Promise<PoolerCheck> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const url = config.databaseUrl ?? '';

  async function checkStatements(): Promise<void> {
    if (!config.databasePreparedStatements) return;
    if ((await retryUntilAnswered(() => supportsPreparedStatements(url), signal)) !== false) return;
    stopPreparing();
    logger.error(UNPREPARED);
  }

  async function checkSessions(): Promise<void> {
    if (!needsSessions || config.redisUrl) return;
    if ((await retryUntilAnswered(() => supportsSessions(config.databaseDirectUrl ?? url), signal)) !== false) return;
    const message = describeMissingSessions(config.databaseDirectUrl ? 'DATABASE_DIRECT_URL' : 'DATABASE_URL');
    addHealthCheck(() => ({ path: 'queues', message }));
    logger.error(message);
  }

  const known = Promise.all([checkStatements(), checkSessions()]);
  // Keeps the process alive: while PostgreSQL is away, nothing else does yet.
  const waiting = new AbortController();
  await Promise.race([known, sleep(START_MS, undefined, { signal: waiting.signal }).catch(() => undefined)]);
  waiting.abort();
  return { stop: () => stopping.abort() };
}
