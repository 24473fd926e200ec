import knex, { type Knex } from 'knex';
import pg from 'pg';
import { config } from './config';
import type { QueryTables } from './database.query';
import { isTrusted, getLongestSilence, setSilenceLimit, watchSilence } from './database.silence';
import { AppError } from './errors';
import { logger } from './logger';

/** Knex, whose queries know the columns of the tables. */
export type Db = QueryTables & Pick<Knex, keyof Knex>;
export type Trx = QueryTables & Pick<Knex.Transaction, keyof Knex.Transaction>;

// Ids and counts fit a double exactly; numeric stays text, so that money is never a float.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

// Together they stay under the 10 s within which a request is answered whatever becomes of the network.
const CONNECT_MS = 3000;
const ACQUIRE_MS = 5000;
// The pool's own default.
const CREATE_MS = 30_000;
/** Longer than `statement_timeout`, so that a statement that is merely slow is ended by PostgreSQL, which says so. */
const SILENCE_MS = 8000;
// PostgreSQL 14 is required; knex would ask each pool's first connection.
const VERSION = '14';

interface PoolOptions {
  max: number;
  applicationName: string;
  /** How long a statement may wait without hearing anything before its connection is destroyed. */
  silenceMs?: number;
  acquireMs?: number;
  /** Runs once for each new connection, before anything else does. */
  setUp?: (connection: pg.ClientBase) => Promise<unknown>;
}

/** What every connection of ours has, whoever makes it. */
export const getConnectionOptions = (connectionString: string, applicationName: string) => ({
  connectionString,
  application_name: applicationName,
  connectionTimeoutMillis: CONNECT_MS,
  // A peer that is gone is noticed on idle connections too: libuv sends ten probes, one a second, after this.
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
});

function getConnectionSettings(url: string, applicationName: string): Knex.PgConnectionConfig {
  // Pipelining makes a difference only to statements that are sent without waiting for those before them.
  const settings: pg.ClientConfig = { ...getConnectionOptions(url, applicationName), pipeline: true };
  return settings as Knex.PgConnectionConfig;
}

// Class 53 is insufficient resources: of disk space, memory or connections; 58030 is an I/O error.
const EXHAUSTED = /^(53[0-9A-Z]{3}|58030)$/;
/** How long a server counts as exhausted after it has refused a statement for that. */
const EXHAUSTED_MS = 15_000;
let exhaustedAt = -Infinity;

function recordExhaustion(error: unknown): void {
  if (EXHAUSTED.test(getSqlState(error) ?? '')) exhaustedAt = performance.now();
}

/** Whether PostgreSQL has lately refused statements for lack of disk space, memory or connections: it answers, and can't do its work. */
export function isExhausted(): boolean {
  return performance.now() - exhaustedAt < EXHAUSTED_MS;
}

const opened = new WeakMap<Knex.Client, Set<pg.ClientBase>>();

/** What Knex is told of a pool of ours; `connections` is kept to those that are open. */
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

/** When a statement of `database` last succeeded, by the clock of `performance.now`. */
export const getLastAnswerAt = (): number => answeredAt;

/** For finding out who may still come in: requests that are stuck on a locked table must not keep everybody out. */
export const accessDatabase = createKnex(config.databaseUrl ?? '', {
  max: 1,
  applicationName: 'bilten access',
  silenceMs: 3000,
  acquireMs: 3000,
});

export async function closeDatabase(): Promise<void> {
  await Promise.all([database.destroy(), accessDatabase.destroy()]);
}

/** For how long statements of this pool have waited for an answer, the one that has waited longest. */
export function getSilenceMs(db: Db): number {
  return getLongestSilence(opened.get(db.client as Knex.Client) ?? []);
}

/** Lets the statements of this transaction take longer than others may. */
export async function allowSilence(trx: Trx, ms: number): Promise<void> {
  const connection = connections.get(trx) ?? (await getConnection(trx));
  const before = setSilenceLimit(connection, ms);
  if (before === undefined) return;
  const reset = (): void => void setSilenceLimit(connection, before);
  trx.executionPromise?.then(reset, reset);
}

const uses = new Map<string, number>();
let isPreparing = config.databasePreparedStatements;

/** From now on no statement is prepared by name: whoever stands before PostgreSQL can't take it. */
export function stopPreparing(): void {
  isPreparing = false;
}

/**
 * Options of a query that make it a named prepared statement, where those are allowed. PostgreSQL keeps its plan: one made
 * while a table was small would read all of it ever after. So it gets a new name, and a new plan, after 8 uses, 64, 512 …
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

/**
 * Sends a statement behind those sent before it, without waiting for their answers: statements that are sent in turn, and
 * awaited together, are run in that order and cost one round trip. Each sees what was committed when its own turn came.
 * From a transaction's second on they are on their way when this returns.
 */
export async function send<T>(trx: Trx, statement: Knex.Raw): Promise<T[]> {
  const compiled = statement.toSQL();
  const { sql, bindings } = compiled.toNative();
  const { name } = compiled.options as { name?: string };
  const connection = connections.get(trx) ?? (await getConnection(trx));
  if (trx.isCompleted()) throw new Error('A statement came after the end of its transaction.');
  trx.client.emit('query', compiled);
  try {
    const { rows } = await connection.query<T & pg.QueryResultRow>({ name, text: sql, values: [...bindings] });
    return rows;
  } catch (error) {
    recordExhaustion(error);
    throw error;
  }
}

const RETRIED = new Set(['40001', '40P01']);
const ATTEMPTS = 5;

/**
 * Runs `work` in one READ COMMITTED transaction with time limits, again after a deadlock or serialization failure.
 * @throws AppError UNAVAILABLE when the database can't be reached
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
      if (!RETRIED.has(getSqlState(error) ?? '') || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

export function getSqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

// Classes of errors that PostgreSQL answers with: then the transaction is over, and nothing of it is committed.
const ROLLED_BACK = /^(2|4|53|54|55|57014|58|P0|XX)[0-9A-Z]*$/;

/** Whether the transaction was rolled back for sure, as against one whose end was not heard of. */
export function isRolledBack(error: unknown): boolean {
  return ROLLED_BACK.test(getSqlState(error) ?? '');
}

/** The name of the constraint that a write broke, if that is why it failed. */
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
  '57P01',
  '57P02',
  '57P03',
  '55P03',
  '57014',
  '25P03',
]);
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Timeout acquiring a connection|Client has encountered a connection error|not queryable/;

/** Whether the database is down, full or too busy, as against a statement that is wrong. */
export function isUnavailable(error: unknown): boolean {
  const state = getSqlState(error);
  if (state && (CONNECTION_ERRORS.has(state) || state.startsWith('08') || EXHAUSTED.test(state))) return true;
  return error instanceof Error && !(error instanceof AppError) && CONNECTION_MESSAGES.test(error.message);
}
