import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { getConnectionOptions, getSqlState } from '../database';
import { LOCK_TIMEOUT } from './files';
import { logger } from '../logger';

export const MIGRATOR = 'bilten migrate';

// An arbitrary number that must be the same in every process that migrates.
const LOCK = 7_216_094;

// A lock is not available, or the migration was chosen to end a deadlock with somebody who works on the same tables.
const LOCKED_STATES = new Set(['55P03', '40P01']);
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5000;
const MAX_WAIT_MS = 600_000;

// Migrations have no time limits, even if the owner is the program's role, which has limits.
const SESSION = `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '${LOCK_TIMEOUT}'`;

/** Repeats an operation that fails if it cannot get a lock, until it succeeds. */
export async function retryUntilLocked<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (!LOCKED_STATES.has(getSqlState(error) ?? '') || performance.now() > deadline) throw error;
      if (pauseMs === FIRST_PAUSE_MS) logger.warn('A migration waits for a lock that somebody holds: it tries again');
      await sleep(pauseMs);
    }
  }
}

// Knex does not export its PostgreSQL dialect, but an instance refers to it. No connection is opened.
const PostgresClient = knex({ client: 'pg' }).client.constructor as typeof Knex.Client;

/** Knex's PostgreSQL client, which retries the migrator's transactions while a lock is unavailable. */
export class MigrationClient extends PostgresClient {
  override transaction(container: unknown, config: unknown, outerTx: unknown): Knex.Transaction {
    if (outerTx) return super.transaction(container, config, outerTx);
    const attempt = async (): Promise<unknown> => await super.transaction(container, config, outerTx);
    // The migrator only awaits the result.
    return retryUntilLocked(attempt) as unknown as Knex.Transaction;
  }
}

/** Returns which process has the lock, for the log. */
async function describeHolder(client: pg.Client): Promise<string> {
  const { rows } = await client.query(
    `SELECT coalesce(a.client_addr::text, 'this machine') AS host, l.pid, date_trunc('second', a.xact_start) AS since
     FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1`,
    [LOCK],
  );
  const [holder] = rows as { host: string; pid: number; since: Date | null }[];
  return holder
    ? ` (from ${holder.host}, PostgreSQL's process ${holder.pid}, since ${holder.since?.toISOString() ?? 'unknown'})`
    : '';
}

async function takeLock(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client(getConnectionOptions(ownerUrl, MIGRATOR));
  // If this connection breaks, the connections that migrate break too and report it.
  client.on('error', () => undefined);
  await client.connect();
  // Keepalives release the lock of a host that has vanished; a process that is only slow keeps it.
  await client.query(
    `SET statement_timeout = 0; SET tcp_keepalives_idle = '10s'; SET tcp_keepalives_interval = '2s'; SET tcp_keepalives_count = 5;
     BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS is_ours', [LOCK]);
  if (!rows[0].is_ours) {
    logger.info(`Another process${await describeHolder(client)} migrates this database: waiting for it`);
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  }
  return client;
}

/** Removes Knex's own lock, which a killed migration leaves behind. Our lock already ensures that only one process migrates. */
async function freeKnexLock(connection: pg.ClientBase): Promise<void> {
  const { rows } = await connection.query("SELECT to_regclass('knex_migrations_lock') IS NOT NULL AS is_there");
  if (rows[0].is_there) await connection.query('UPDATE knex_migrations_lock SET is_locked = 0');
}

export interface MigrationSession {
  /** Prepares a connection for migrating. The first one waits until no other process migrates. */
  setUp(connection: pg.ClientBase): Promise<void>;
  end(): Promise<void>;
}

/** Lets one process migrate at a time. The lock is released with its connection. */
export function openMigrationSession(ownerUrl: string): MigrationSession {
  let lock: pg.Client | undefined;
  return {
    async setUp(connection) {
      await connection.query(SESSION);
      if (lock) return;
      lock = await takeLock(ownerUrl);
      await freeKnexLock(connection);
    },
    async end() {
      await lock?.end();
    },
  };
}
