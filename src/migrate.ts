import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from 'bullmq';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { createKnex, sqlState, type Db, type Trx } from './database';
import { DATABASE_FOLDER } from './lib/database-folder';
import { logger } from './logger';
import { limitRole } from './migrate.limits';

// Any number: it only has to be the same in every process that migrates.
const LOCK = 7_216_094;

// Whoever comes behind a statement that waits for a lock waits with it: a migration gives up soon, and tries again.
const LOCK_TIMEOUT = '1s';
const LOCK_NOT_AVAILABLE = '55P03';
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
const PATIENCE_MS = 600_000;

// A migration takes as long as it takes, also where the program's role, with its limits, is the owner.
const SESSION = `SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '${LOCK_TIMEOUT}'`;

interface Migration {
  name: string;
  sql: string;
}

async function readSql(folder: string): Promise<Migration[]> {
  const names = (await readdir(path.join(DATABASE_FOLDER, folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(path.join(DATABASE_FOLDER, folder, name), 'utf8') })),
  );
}

/** One direction of a file in dbmate's format: what follows `-- migrate:up` or `-- migrate:down`. */
function section({ name, sql }: Migration, direction: 'up' | 'down'): { statements: string; transaction: boolean } {
  const found = new RegExp(`^-- migrate:${direction}(.*)$([^]*?)(?=^-- migrate:|(?![^]))`, 'm').exec(sql);
  if (!found) throw new Error(`${name} has no section "-- migrate:${direction}"`);
  return { statements: found[2] ?? '', transaction: !found[1]?.includes('transaction:false') };
}

// Knex takes a bare question mark for a binding.
function run(db: Knex, statements: string): Promise<unknown> {
  return db.raw(statements.replaceAll('?', '\\?'));
}

async function apply(db: Knex, migration: Migration, direction: 'up' | 'down'): Promise<void> {
  const { statements, transaction } = section(migration, direction);
  // What runs outside a transaction, such as CREATE INDEX CONCURRENTLY, lets others pass while it waits.
  if (!transaction) await db.raw('SET lock_timeout = 0');
  await run(db, statements);
  if (!transaction) await db.raw(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
}

const migrations: Knex.MigrationSource<Migration> = {
  getMigrations: () => readSql('migrations'),
  getMigrationName: ({ name }) => name,
  async getMigration(migration) {
    return {
      up: (db) => apply(db, migration, 'up'),
      down: (db) => apply(db, migration, 'down'),
      config: { transaction: section(migration, 'up').transaction },
    };
  },
};

/** Runs what gets a lock or fails, until it has got it. */
async function untilLocked<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE || performance.now() > deadline) throw error;
      if (pauseMs === FIRST_PAUSE_MS) logger.warn('A migration waits for a lock that somebody holds: it tries again');
      await sleep(pauseMs);
    }
  }
}

/** Runs Knex's migrator until it is through. Returns the names of the migrations that changed sides. */
async function migrateSchema(db: Knex, move: (config: Knex.MigratorConfig) => Promise<unknown>): Promise<string[]> {
  const config: Knex.MigratorConfig = { migrationSource: migrations };
  const names = async (): Promise<string[]> => {
    const [applied] = (await db.migrate.list(config)) as [{ name: string }[]];
    return applied.map(({ name }) => name);
  };
  const before = await names();
  await untilLocked(async () => {
    // A migration that was killed leaves Knex's own lock behind; whoever holds ours is alone.
    await db.migrate.forceFreeMigrationsLock();
    await move(config);
  });
  const after = await names();
  const moved = (some: string[], others: string[]): string[] => some.filter((name) => !others.includes(name));
  return [...moved(after, before), ...moved(before, after).reverse()];
}

/** Runs `work` with a connection to the database, one process at a time; the lock goes with the connection that holds it. */
async function alone<T>(ownerUrl: string, work: (db: Knex, trx: Trx) => Promise<T>): Promise<T> {
  const silenceMs = Number.POSITIVE_INFINITY;
  const db = createKnex(ownerUrl, { max: 2, applicationName: 'bilten migrate', silenceMs, setUp: SESSION });
  try {
    return await db.transaction(async (trx) => {
      await trx.raw('SET LOCAL lock_timeout = 0');
      await trx.raw('SELECT pg_advisory_xact_lock(?)', [LOCK]);
      return await work(db, trx);
    });
  } finally {
    await db.destroy();
  }
}

async function migrateQueues(db: Knex): Promise<void> {
  const client = (await db.client.acquireConnection()) as Client;
  try {
    await runMigrations(client);
  } finally {
    await db.client.releaseConnection(client);
  }
}

interface Unprotected {
  name: string;
  is_open: boolean;
  has_policy: boolean;
  lacks_policy: boolean;
}

const UNPROTECTED = `
  SELECT c.oid::regclass::text AS name, NOT c.relrowsecurity AS is_open, p.oid IS NOT NULL AS has_policy,
         r.oid IS NOT NULL AND r.oid <> c.relowner AND NOT coalesce(r.oid = ANY (p.polroles), false) AS lacks_policy
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('public', 'bullmq')
  LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'program'
  LEFT JOIN pg_roles r ON r.rolname = :role
  WHERE c.relkind IN ('r', 'p') AND pg_has_role(c.relowner, 'USAGE') AND NOT pg_is_other_temp_schema(n.oid)
  ORDER BY 1`;

/** Row-level security on every table, with a policy for the program's role alone: any other role sees no row. */
async function protectRows(trx: Trx, role = ''): Promise<void> {
  const { rows } = await trx.raw<{ rows: Unprotected[] }>(UNPROTECTED, { role });
  for (const table of rows) {
    if (table.is_open) await trx.raw(`ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY`);
    if (!table.lacks_policy) continue;
    if (table.has_policy) await trx.raw(`ALTER POLICY program ON ${table.name} TO ??`, [role]);
    else await trx.raw(`CREATE POLICY program ON ${table.name} TO ?? USING (true) WITH CHECK (true)`, [role]);
  }
}

/** The role that an earlier migration gave its rights, where this one is not told. */
async function findProgramRole(db: Db): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { role: string }[] }>(
    `SELECT r.rolname AS role FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
     WHERE p.polname = 'program' AND p.polrelid = to_regclass('users')`,
  );
  return rows[0]?.role;
}

/** What the program may do: use every table, change none. */
async function grant(trx: Trx, role: string): Promise<void> {
  for (const schema of ['public', 'bullmq']) {
    await trx.raw('GRANT USAGE ON SCHEMA ?? TO ??', [schema, role]);
    await trx.raw('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ?? TO ??', [schema, role]);
    await trx.raw('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ?? TO ??', [schema, role]);
  }
  await trx.raw('REVOKE INSERT, UPDATE, DELETE ON knex_migrations, knex_migrations_lock, bullmq.migration FROM ??', [
    role,
  ]);
}

/**
 * Brings schema, rights and queues up to date; several processes may do it at once.
 * @param programRole the role the program uses, unless that is the owner's own; by default the one that has its rights already
 * @param programUrl how that role connects: it sets limits of its own that the owner may not set
 * @returns the names of the migrations that were missing
 */
export async function migrate(ownerUrl: string, programRole?: string, programUrl?: string): Promise<string[]> {
  return alone(ownerUrl, async (db) => {
    const { rows } = await db.raw<{ rows: { owner: string }[] }>('SELECT current_user AS owner');
    const owner = rows[0]!.owner;
    const given = programRole ?? (await findProgramRole(db));
    const role = given === owner ? undefined : given;
    const applied = await migrateSchema(db, (config) => db.migrate.latest(config));
    await untilLocked(() => migrateQueues(db));
    await untilLocked(() =>
      db.transaction(async (trx) => {
        if (role) await grant(trx, role);
        await protectRows(trx, role);
      }),
    );
    if (programRole) await limitRole(db, programRole, programUrl);
    return applied;
  });
}

/** Whether a role besides the owner may use the tables. */
export async function hasProgramRole(ownerUrl: string): Promise<boolean> {
  return alone(ownerUrl, async (db) => (await findProgramRole(db)) !== undefined);
}

/** Takes the last migration back, or all of them. @returns the names of those */
export async function rollback(ownerUrl: string, { all = false } = {}): Promise<string[]> {
  return alone(ownerUrl, (db) =>
    migrateSchema(db, (config) => (all ? db.migrate.rollback(config, true) : db.migrate.down(config))),
  );
}

/** Fills a database in which nobody has an account yet with demo data. @returns whether it did */
export async function seed(ownerUrl: string): Promise<boolean> {
  return alone(ownerUrl, async (_db, trx) => {
    if (await trx('users').first('id')) return false;
    for (const { sql } of await readSql('seeds')) await run(trx, sql);
    return true;
  });
}
