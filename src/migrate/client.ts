import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { getConnectionOptions, getSqlState } from '../database';
import { LOCK_TIMEOUT } from './files';
import { logger } from '../logger';

export const MIGRATOR = 'bilten migrate';

// An arbitrary number that must be the same in every process that migrates.
const LOCK = 7_216_094;

const LOCK_NOT_AVAILABLE = '55P03';
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
      if (getSqlState(error) !== LOCK_NOT_AVAILABLE || performance.now() > deadline) throw error;
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

async function takeLock(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client(getConnectionOptions(ownerUrl, MIGRATOR));
  // If this connection breaks, the connections that migrate break too and report it.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(
    'SET statement_timeout = 0; BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
  );
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
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
