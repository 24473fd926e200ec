import knex, { type Knex } from 'knex';
import { openMigrationSession, type MigrationSession } from './client';
import { migrationConfig, prepareMigration, seedDemoData, type MigrationTarget } from './config';
import { assertRoleExists, findProgramRole, setRights } from './rights';

/** Runs `work` with a database connection, in one process at a time. */
async function alone<T>(
  target: MigrationTarget,
  work: (db: Knex, session: MigrationSession) => Promise<T>,
): Promise<T> {
  const session = openMigrationSession(target.ownerUrl);
  const db = knex(migrationConfig(target, session));
  try {
    return await work(db, session);
  } finally {
    await db.destroy();
    await session.end();
  }
}

/**
 * Migrates schema, rights and queues. Safe to run in several processes at once.
 * @param programRole the role of the program, if it is not the owner; defaults to the role that already has rights
 * @param programUrl the URL for that role, which sets its own limits if the owner may not
 * @returns the names of the applied migrations
 */
export async function migrate(ownerUrl: string, programRole?: string, programUrl?: string): Promise<string[]> {
  const target = { ownerUrl, programRole, programUrl };
  return alone(target, async (db, session) => {
    // Before the first migration, so that a failure changes nothing.
    if (programRole) await assertRoleExists(db, programRole);
    const [, applied] = (await db.migrate.latest()) as [number, string[]];
    if (applied.length > 0) return applied;
    // Without new migrations, Knex does not call the hook that does this.
    await prepareMigration(target, session);
    await db.transaction((trx) => setRights(trx, programRole));
    return [];
  });
}

/** True if a role other than the owner can use the tables. */
export async function hasProgramRole(ownerUrl: string): Promise<boolean> {
  return alone({ ownerUrl }, async (db) => (await findProgramRole(db)) !== undefined);
}

/** Rolls back the last migration, or all. @returns their names */
export async function rollback(ownerUrl: string, { all = false } = {}): Promise<string[]> {
  return alone({ ownerUrl }, async (db) => {
    const [, names] = (await (all ? db.migrate.rollback(undefined, true) : db.migrate.down())) as [number, string[]];
    return names;
  });
}

/** Adds demo data to a database without accounts. @returns false if there are accounts */
export async function seed(ownerUrl: string): Promise<boolean> {
  return alone({ ownerUrl }, (db) => seedDemoData(db));
}
