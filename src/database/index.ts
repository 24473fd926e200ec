import knex, { type Knex } from 'knex';
import pg from 'pg';
import { config } from '../config';
import type { QueryTables } from './query';
import { allowSilenceWhile, isTrusted, getLongestSilence, watchSilence } from './silence';
import { AppError } from '../errors';
import { logger } from '../logger';

/** Knex with queries that are typed by the columns of the tables. */
export type Db = QueryTables & Pick<Knex, keyof Knex>;
export type Trx = QueryTables & Pick<Knex.Transaction, keyof Knex.Transaction>;

// Ids and counts fit a double exactly; `numeric` stays text, so that money is never a float.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

// Together these stay below 10 s, so that requests are answered within that time even if the network fails.
const CONNECT_MS = 3000;
const ACQUIRE_MS = 5000;
// The default of the pool.
const CREATE_MS = 30_000;
/** Longer than `statement_timeout`, so that PostgreSQL itself cancels a slow statement, with a clear error. */
const SILENCE_MS = 8000;
// PostgreSQL 14 is the minimum; without this setting, Knex would query the version on the first connection of each pool.
const VERSION = '14';

interface PoolOptions {
  max: number;
  applicationName: string;
  /** How long a statement can wait without receiving a byte before its connection is destroyed. */
  silenceMs?: number;
  acquireMs?: number;
  /** Runs once on each new connection, before anything else. */
  setUp?: (connection: pg.ClientBase) => Promise<unknown>;
}

/** Options of every connection. */
export const getConnectionOptions = (connectionString: string, applicationName: string) => ({
  connectionString,
  application_name: applicationName,
  connectionTimeoutMillis: CONNECT_MS,
  // Detects a lost peer on idle connections too: after this delay, libuv sends ten probes, one per second.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

function getConnectionSettings(url: string, applicationName: string): Knex.PgConnectionConfig {
  // Pipelining only affects statements that are sent without waiting for earlier ones.
  const settings: pg.ClientConfig = { ...getConnectionOptions(url, applicationName), pipeline: true };
  return settings as Knex.PgConnectionConfig;
}

// Class 53 means insufficient disk space, memory or connections; 58030 is an I/O error.
const EXHAUSTED = /^(53[0-9A-Z]{3}|58030)$/;
/** How long a server counts as exhausted after it has refused a statement for lack of resources. */
const EXHAUSTED_MS = 15_000;
let exhaustedAt = -Infinity;

function recordExhaustion(error: unknown): void {
  if (EXHAUSTED.test(getSqlState(error) ?? '')) exhaustedAt = performance.now();
}

/** True if PostgreSQL recently refused statements for lack of disk space, memory or connections, although it responds. */
export function isExhausted(): boolean {
  return performance.now() - exhaustedAt < EXHAUSTED_MS;
}

const opened = new WeakMap<Knex.Client, Set<pg.ClientBase>>();

/** Returns the Knex configuration of a pool. `connections` always contains its open connections. */
export function knexConfig(
  url: string,
  { max, applicationName, silenceMs = SILENCE_MS, acquireMs = ACQUIRE_MS, setUp }: PoolOptions,
  connections = new Set<pg.ClientBase>(),
): Knex.Config {
  const afterCreate = (connection: pg.ClientBase, done: (error: Error | null) => void): void => {
    watchSilence(connection, silenceMs);
    connections.add(connection);
    connection.once('end', () => connections.delete(connection));
    if (!setUp) return done(null);
    setUp(connection).then(() => done(null), done);
  };
  return {
    client: 'pg',
    version: VERSION,
    connection: getConnectionSettings(url, applicationName),
    pool: {
      min: 0,
      max,
      idleTimeoutMillis: 30_000,
      createTimeoutMillis: Math.max(acquireMs, CREATE_MS),
      afterCreate,
      validate: (connection) => isTrusted(connection as pg.ClientBase),
    },
    acquireConnectionTimeout: acquireMs,
    log: { warn: (message) => logger.warn(message), error: (message) => logger.error(message) },
  };
}

export function createKnex(url: string, options: PoolOptions): Knex & Db {
  const connections = new Set<pg.ClientBase>();
  const db = knex(knexConfig(url, options, connections));
  opened.set(db.client as Knex.Client, connections);
  db.on('query-error', recordExhaustion);
  return db as Knex & Db;
}

export const database = createKnex(config.databaseUrl ?? '', {
  max: config.databasePoolSize,
  applicationName: 'bilten',
});

let answeredAt = -Infinity;
database.on('query-response', () => (answeredAt = performance.now()));

/** Returns when a statement of `database` last succeeded, on the clock of `performance.now`. */
export const getLastAnswerAt = (): number => answeredAt;

/** A separate pool for checking access, so that requests stuck on a locked table do not block authentication. */
export const accessDatabase = createKnex(config.databaseUrl ?? '', {
  max: 1,
  applicationName: 'bilten access',
  silenceMs: 3000,
  acquireMs: 3000,
});

export async function closeDatabase(): Promise<void> {
  await Promise.all([database.destroy(), accessDatabase.destroy()]);
}

/** Returns how long the oldest running statement of this pool has waited for a response. */
export function getSilenceMs(db: Db): number {
  return getLongestSilence(opened.get(db.client as Knex.Client) ?? []);
}

/**
 * Lets statements of this transaction be silent as long as PostgreSQL works on them, which another connection asks: on a dead
 * connection they would wait for an answer that never comes.
 */
export async function allowSilence(trx: Trx): Promise<void> {
  const connection = connections.get(trx) ?? (await getConnection(trx));
  const [session] = await send<{ pid: number }>(trx, { text: 'SELECT pg_backend_pid() AS pid' });
  const end = allowSilenceWhile(connection, async () => {
    const { rows } = await database.raw<{ rows: unknown[] }>(
      `SELECT pid FROM pg_stat_activity WHERE pid = ? AND state = 'active'`,
      [session!.pid],
    );
    return rows.length > 0;
  });
  trx.executionPromise?.then(end, end);
}

const uses = new Map<string, number>();
let isPreparing = config.databasePreparedStatements;

/** Turns off named prepared statements from now on, because a pooler in front of PostgreSQL does not support them. */
export function stopPreparing(): void {
  isPreparing = false;
}

/**
 * Returns query options for a named prepared statement, if those are enabled. PostgreSQL caches its plan, and a plan made while
 * a table was small would scan the whole table forever, so the statement gets a new name and plan after 8, 64, 512 … uses.
 */
export function getPreparedName(name: string): { name?: string } {
  if (!isPreparing) return {};
  const count = (uses.get(name) ?? 0) + 1;
  uses.set(name, count);
  return { name: `${name}-${Math.floor(Math.log2(count) / 3)}` };
}

const connections = new WeakMap<Trx, pg.ClientBase>();

async function getConnection(trx: Trx): Promise<pg.ClientBase> {
  const connection = (await trx.client.acquireConnection()) as pg.ClientBase;
  connections.set(trx, connection);
  return connection;
}

/** A statement as the driver takes it, with `$1` for its first value. */
export interface NativeStatement {
  /** Keeps it prepared on its connection. */
  name?: string;
  text: string;
  values?: unknown[];
}

/**
 * Sends a statement without waiting for the results of earlier ones. Statements that are sent one after another and awaited
 * together run in that order in one round trip, and each sees what was committed when it started.
 * From the second statement of a transaction on, the statement has been sent when this returns.
 */
export async function send<T>(trx: Trx, { name, text, values }: NativeStatement): Promise<T[]> {
  const connection = connections.get(trx) ?? (await getConnection(trx));
  if (trx.isCompleted()) throw new Error('A statement came after the end of its transaction.');
  trx.client.emit('query', { sql: text, bindings: values });
  try {
    const { rows } = await connection.query<T & pg.QueryResultRow>({ name, text, values });
    return rows;
  } catch (error) {
    recordExhaustion(error);
    throw getFirstError(trx, error);
  }
}

const IN_FAILED_TRANSACTION = '25P02';
const firstErrors = new WeakMap<Trx, unknown>();

/** Returns what made a transaction fail, where the statements that were sent behind it are only told that it has. */
function getFirstError(trx: Trx, error: unknown): unknown {
  if (getSqlState(error) === IN_FAILED_TRANSACTION) return firstErrors.get(trx) ?? error;
  if (!firstErrors.has(trx)) firstErrors.set(trx, error);
  return error;
}

const RETRIED = new Set(['40001', '40P01']);
const ATTEMPTS = 5;

/**
 * Runs `work` in a READ COMMITTED transaction with time limits, and retries after a deadlock or serialization failure.
 * @throws AppError UNAVAILABLE if the database cannot be reached
 */
export async function runInTransaction<T>(work: (trx: Trx) => Promise<T>, db: Db = database): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(async (transaction) => {
        const trx = transaction as Trx;
        await trx.raw(
          "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '7s'; SET LOCAL idle_in_transaction_session_timeout = '5s'",
        );
        return await work(trx);
      });
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** True if the error is a deadlock or a conflict with another transaction, which a repetition may not meet again. */
export function isConflict(error: unknown): boolean {
  return RETRIED.has(getSqlState(error) ?? '');
}

export function getSqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

// Error classes in a response from PostgreSQL: the transaction has ended, and nothing of it is committed.
const ROLLED_BACK = /^(2|4|53|54|55|57014|58|P0|XX)[0-9A-Z]*$/;

/** True if the transaction was certainly rolled back; false if its outcome is unknown. */
export function isRolledBack(error: unknown): boolean {
  return ROLLED_BACK.test(getSqlState(error) ?? '');
}

/** Returns the name of the constraint that a failed write violated, if any. */
export function getBrokenConstraint(error: unknown): string | undefined {
  return getSqlState(error)?.startsWith('23') ? (error as { constraint?: string }).constraint : undefined;
}

const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  // The server shuts down, has crashed or is starting.
  '57P01',
  '57P02',
  '57P03',
  // Time limits on locks, statements, transactions and idle sessions.
  '55P03',
  '57014',
  '57P05',
  '25P03',
  '25P04',
  // The server has become read-only, as a standby or because its disk is nearly full.
  '25006',
]);
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Timeout acquiring a connection|Client has encountered a connection error|not queryable/;

/** True if the error means that the database is down, full or too busy, and not that the statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  const state = getSqlState(error);
  if (state && (CONNECTION_ERRORS.has(state) || state.startsWith('08') || EXHAUSTED.test(state))) return true;
  return error instanceof Error && !(error instanceof AppError) && CONNECTION_MESSAGES.test(error.message);
}
