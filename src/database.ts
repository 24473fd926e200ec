import knex, { type Knex } from 'knex';
import pg from 'pg';
import { config } from './config';
import { AppError } from './errors';
import { logger } from './logger';

export type Db = Knex;
export type Trx = Knex.Transaction;

// Ids and counts fit a double exactly; numeric stays text, so that money is never a float.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

interface PoolOptions {
  max: number;
  applicationName: string;
}

function connectionSettings(url: string, applicationName: string): Knex.PgConnectionConfig {
  const settings: pg.ClientConfig = {
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    // Makes a difference only to statements that are sent without waiting for those before them.
    pipeline: true,
  };
  return settings as Knex.PgConnectionConfig;
}

export function createKnex(url: string, { max, applicationName }: PoolOptions): Knex {
  return knex({
    client: 'pg',
    connection: connectionSettings(url, applicationName),
    pool: { min: 0, max, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 5000,
    log: { warn: (message) => logger.warn(message), error: (message) => logger.error(message) },
  });
}

export const database: Db = createKnex(config.databaseUrl ?? '', {
  max: config.databasePoolSize,
  applicationName: 'bilten',
});

export async function closeDatabase(): Promise<void> {
  await database.destroy();
}

const uses = new Map<string, number>();

/**
 * Options of a query that make it a named prepared statement, where those are allowed. PostgreSQL keeps its plan: one made
 * while a table was small would read all of it ever after. So it gets a new name, and a new plan, after 8 uses, 64, 512 …
 */
export function prepared(name: string): { name?: string } {
  if (!config.databasePreparedStatements) return {};
  const count = (uses.get(name) ?? 0) + 1;
  uses.set(name, count);
  return { name: `${name}-${Math.floor(Math.log2(count) / 3)}` };
}

const connections = new WeakMap<Trx, pg.ClientBase>();

async function connectionOf(trx: Trx): Promise<pg.ClientBase> {
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
  const connection = connections.get(trx) ?? (await connectionOf(trx));
  if (trx.isCompleted()) throw new Error('A statement came after the end of its transaction.');
  trx.client.emit('query', compiled);
  const { rows } = await connection.query<T & pg.QueryResultRow>({ name, text: sql, values: [...bindings] });
  return rows;
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
      return await db.transaction(async (trx) => {
        await trx.raw(
          "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '15s'; SET LOCAL idle_in_transaction_session_timeout = '30s'",
        );
        return await work(trx);
      });
    } catch (error) {
      if (!RETRIED.has(sqlState(error) ?? '') || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The name of the constraint that a write broke, if that is why it failed. */
export function brokenConstraint(error: unknown): string | undefined {
  return sqlState(error)?.startsWith('23') ? (error as { constraint?: string }).constraint : undefined;
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
  '53300',
  '55P03',
  '57014',
  '25P03',
]);
const CONNECTION_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|Timeout acquiring a connection|Client has encountered a connection error|not queryable/;

/** Whether the database is down, full or too busy, as against a statement that is wrong. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state && (CONNECTION_ERRORS.has(state) || state.startsWith('08'))) return true;
  return error instanceof Error && !(error instanceof AppError) && CONNECTION_MESSAGES.test(error.message);
}
