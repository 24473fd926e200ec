import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { DATABASE_FOLDER } from '../lib/database-folder';

// Statements queue behind one that waits for a lock, so a migration gives up quickly and retries.
export const LOCK_TIMEOUT = '1s';

interface SqlFile {
  /** The name of the migration; Knex's command line requires this property name. */
  file: string;
  sql: string;
}

export async function readSql(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(path.join(DATABASE_FOLDER, folder))).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (file) => ({ file, sql: await readFile(path.join(DATABASE_FOLDER, folder, file), 'utf8') })),
  );
}

/** Returns one direction of a file in dbmate's format: the part after `-- migrate:up` or `-- migrate:down`. */
function getSection({ file, sql }: SqlFile, direction: 'up' | 'down'): { statements: string; transaction: boolean } {
  const found = new RegExp(`^-- migrate:${direction}(.*)$([^]*?)(?=^-- migrate:|(?![^]))`, 'm').exec(sql);
  if (!found) throw new Error(`${file} has no section "-- migrate:${direction}"`);
  return { statements: found[2] ?? '', transaction: !found[1]?.includes('transaction:false') };
}

// Knex treats a bare question mark as a binding.
export function runSql(db: Knex, statements: string): Promise<unknown> {
  return db.raw(statements.replaceAll('?', '\\?'));
}

async function apply(db: Knex, migration: SqlFile, direction: 'up' | 'down'): Promise<void> {
  const { statements, transaction } = getSection(migration, direction);
  // Statements outside a transaction, such as CREATE INDEX CONCURRENTLY, do not block others while they wait.
  if (!transaction) await db.raw('SET lock_timeout = 0');
  await runSql(db, statements);
  if (!transaction) await db.raw(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
}

/** A migration source for Knex that reads the SQL files. */
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
 * @throws Error if the name has no letter or digit
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
