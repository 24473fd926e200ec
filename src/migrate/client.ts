import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import pg from 'pg';
import { getConnectionOptions, getSqlState } from '../database';
import { LOCK_TIMEOUT } from './files';
import { logger } from '../logger';

export const MIGRATOR = 'bilten migrate';

// Any number: it only has to be the same in every process that migrates.
const LOCK = 7_216_094;

const LOCK_NOT_AVAILABLE = '55P03';
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5000;
const MAX_WAIT_MS = 600_000;

// A migration takes as long as it takes, also where the program's role, with its limits, is the owner.
const SESSION = `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '${LOCK_TIMEOUT}'`;

/** Runs what gets a lock or fails, until it has got it. */
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

// Knex does not export its PostgreSQL dialect, but an instance of it knows it. No connection is opened.
const PostgresClient = knex({ client: 'pg' }).client.constructor as typeof Knex.Client;

/** Knex's PostgreSQL, whose transactions are tried again while a lock is not to be had: the migrator's are. */
export class MigrationClient extends PostgresClient {
  override transaction(container: unknown, config: unknown, outerTx: unknown): Knex.Transaction {
    if (outerTx) return super.transaction(container, config, outerTx);
    const attempt = async (): Promise<unknown> => await super.transaction(container, config, outerTx);
    // The migrator does no more with it than to await it.
    return retryUntilLocked(attempt) as unknown as Knex.Transaction;
  }
}

async function takeLock(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client(getConnectionOptions(ownerUrl, MIGRATOR));
  // When it breaks, so do those that do the work.
  client.on('error', () => undefined);
  await client.connect();
  await client.query(
    'SET statement_timeout = 0; BEGIN; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0',
  );
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  return client;
}

/** A migration that was killed leaves Knex's own lock behind; whoever holds ours is alone. */
async function freeKnexLock(connection: pg.ClientBase): Promise<void> {
  const { rows } = await connection.query("SELECT to_regclass('knex_migrations_lock') IS NOT NULL AS is_there");
  if (rows[0].is_there) await connection.query('UPDATE knex_migrations_lock SET is_locked = 0');
}

export interface MigrationSession {
  /** Readies a connection that migrates. The first of them waits until no other process does. */
  setUp(connection: pg.ClientBase): Promise<void>;
  end(): Promise<void>;
}

/** One process migrates at a time; the lock goes with the connection that holds it. */
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
