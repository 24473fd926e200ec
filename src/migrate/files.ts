import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { DATABASE_FOLDER } from '../lib/database-folder';

// Whoever comes behind a statement that waits for a lock waits with it: a migration gives up soon, and tries again.
export const LOCK_TIMEOUT = '1s';

interface SqlFile {
  /** Its name, called as Knex's own command line expects it. */
  file: string;
  sql: string;
}

export async function readSql(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(path.join(DATABASE_FOLDER, folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (file) => ({ file, sql: await readFile(path.join(DATABASE_FOLDER, folder, file), 'utf8') })),
  );
}

/** One direction of a file in dbmate's format: what follows `-- migrate:up` or `-- migrate:down`. */
function getSection({ file, sql }: SqlFile, direction: 'up' | 'down'): { statements: string; transaction: boolean } {
  const found = new RegExp(`^-- migrate:${direction}(.*)$([^]*?)(?=^-- migrate:|(?![^]))`, 'm').exec(sql);
  if (!found) throw new Error(`${file} has no section "-- migrate:${direction}"`);
  return { statements: found[2] ?? '', transaction: !found[1]?.includes('transaction:false') };
}

// Knex takes a bare question mark for a binding.
export function runSql(db: Knex, statements: string): Promise<unknown> {
  return db.raw(statements.replaceAll('?', '\\?'));
}

async function apply(db: Knex, migration: SqlFile, direction: 'up' | 'down'): Promise<void> {
  const { statements, transaction } = getSection(migration, direction);
  // What runs outside a transaction, such as CREATE INDEX CONCURRENTLY, lets others pass while it waits.
  if (!transaction) await db.raw('SET lock_timeout = 0');
  await runSql(db, statements);
  if (!transaction) await db.raw(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
}

/** The SQL files, as Knex's migrator takes them. */
export const migrationSource: Knex.MigrationSource<SqlFile> = {
  getMigrations: () => readSql('migrations'),
  getMigrationName: ({ file }) => file,
  async getMigration(migration) {
    return {
      up: (db) => apply(db, migration, 'up'),
      down: (db) => apply(db, migration, 'down'),
      config: { transaction: getSection(migration, 'up').transaction },
    };
  },
};

/**
 * Writes an empty migration with the next number. @returns its path
 * @throws Error where the name has no letter or digit
 */
export async function makeMigration(title: string): Promise<string> {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (!name) throw new Error('A migration needs a name, such as add-venue-phone.');
  const numbers = (await readSql('migrations')).map(({ file }) => Number.parseInt(file, 10));
  const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
  const file = path.join(DATABASE_FOLDER, 'migrations', `${number}-${name}.sql`);
  await writeFile(file, '-- migrate:up\n\n-- migrate:down\n', { flag: 'wx' });
  return file;
}
