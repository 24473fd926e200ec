import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { DATABASE_FOLDER } from '../lib/database-folder';
import { bool, orNull, statement, text, type ResultOf } from './statement';

// These queries use a dedicated connection, so that they work while the pool is busy.
type Ask = <T>(sql: string) => Promise<T[]>;

export interface DatabaseState {
  /** The server is a standby or read-only. */
  isReadOnly: boolean;
  /** Migrations that this version needs and the database lacks. */
  missingMigrations: string[];
}

let known: Promise<string[]> | undefined;

async function listKnownMigrations(): Promise<string[]> {
  const names = await readdir(path.join(DATABASE_FOLDER, 'migrations'));
  return names.filter((name) => name.endsWith('.sql')).sort();
}

const STATE = statement({
  name: 'health-state',
  columns: {
    isReadOnly: bool("current_setting('transaction_read_only')::boolean"),
    name: orNull(text('m.name::text')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (VALUES (1)) AS one
  LEFT JOIN knex_migrations m ON true`,
});

export async function readDatabaseState(ask: Ask): Promise<DatabaseState> {
  const wanted = await (known ??= listKnownMigrations());
  const rows = await ask<ResultOf<typeof STATE>>(STATE.sql);
  const applied = new Set(rows.map(({ name }) => name));
  return { isReadOnly: rows[0]?.isReadOnly ?? true, missingMigrations: wanted.filter((name) => !applied.has(name)) };
}
