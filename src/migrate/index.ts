import knex, { type Knex } from 'knex';
import { openMigrationSession, type MigrationSession } from './client';
import { migrationConfig, prepareMigration, seedDemoData, type MigrationTarget } from './config';
import { findProgramRole, setRights } from './rights';

/** Runs `work` with a connection to the database, one process at a time. */
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
 * Brings schema, rights and queues up to date; several processes may do it at once.
 * @param programRole the role the program uses, unless that is the owner's own; by default the one that has its rights already
 * @param programUrl how that role connects: it sets limits of its own that the owner may not set
 * @returns the names of the migrations that were missing
 */
export async function migrate(ownerUrl: string, programRole?: string, programUrl?: string): Promise<string[]> {
  const target = { ownerUrl, programRole, programUrl };
  return alone(target, async (db, session) => {
    const [, applied] = (await db.migrate.latest()) as [number, string[]];
    if (applied.length > 0) return applied;
    // Nothing was migrated, so Knex has not called for it.
    await prepareMigration(target, session);
    await db.transaction((trx) => setRights(trx, programRole));
    return [];
  });
}

/** Whether a role besides the owner may use the tables. */
export async function hasProgramRole(ownerUrl: string): Promise<boolean> {
  return alone({ ownerUrl }, async (db) => (await findProgramRole(db)) !== undefined);
}

/** Takes the last migration back, or all of them. @returns the names of those */
export async function rollback(ownerUrl: string, { all = false } = {}): Promise<string[]> {
  return alone({ ownerUrl }, async (db) => {
    const [, names] = (await (all ? db.migrate.rollback(undefined, true) : db.migrate.down())) as [number, string[]];
    return names;
  });
}

/** Fills a database in which nobody has an account yet with demo data. @returns whether it did */
export async function seed(ownerUrl: string): Promise<boolean> {
  return alone({ ownerUrl }, (db) => seedDemoData(db));
}
