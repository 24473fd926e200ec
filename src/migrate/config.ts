import { runMigrations } from 'bullmq';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { createKnex, knexConfig } from '../database';
import { spellOldAddresses } from './addresses';
import { MigrationClient, MIGRATOR, retryUntilLocked, type MigrationSession } from './client';
import { migrationSource, readSql, runSql } from './files';
import { limitRole } from './role-limits';
import { setRights } from './rights';

/** The database to migrate. */
export interface MigrationTarget {
  ownerUrl: string;
  /** The role of the program, if it is not the owner; defaults to the role that already has rights. */
  programRole?: string;
  /** The URL for that role, which sets its own limits if the owner may not. */
  programUrl?: string;
}

const unlimited = { silenceMs: Number.POSITIVE_INFINITY, acquireMs: 2 ** 31 - 1 };

async function migrateQueues(db: Knex): Promise<void> {
  const client = (await db.client.acquireConnection()) as Client;
  try {
    await runMigrations(client);
  } finally {
    await db.client.releaseConnection(client);
  }
}

/** Migrates the queues and updates the limits of the program's role, over a separate connection. */
export async function prepareMigration(
  { ownerUrl, programRole, programUrl }: MigrationTarget,
  { setUp }: MigrationSession,
): Promise<void> {
  const db = createKnex(ownerUrl, { max: 1, applicationName: MIGRATOR, ...unlimited, setUp });
  try {
    await retryUntilLocked(() => migrateQueues(db));
    if (programRole) await limitRole(db, programRole, programUrl);
  } finally {
    await db.destroy();
  }
}

/** Adds demo data to a database without accounts. @returns false if there are accounts */
export async function seedDemoData(db: Knex): Promise<boolean> {
  return db.transaction(async (trx) => {
    if (await trx('users').first('id')) return false;
    for (const { sql } of await readSql('seeds')) await runSql(trx, sql);
    return true;
  });
}

/**
 * Returns the Knex configuration for migrations, from our commands or from Knex's: SQL files, one process at a time, with rights
 * and row-level security set in the transaction that creates the tables.
 */
export function migrationConfig(target: MigrationTarget, session: MigrationSession): Knex.Config {
  const finish = async (trx: Knex): Promise<void> => {
    await spellOldAddresses(trx);
    await setRights(trx, target.programRole);
  };
  // Knex documents these hooks, but its types lack them.
  const hooks = {
    beforeAll: () => prepareMigration(target, session),
    afterAll: (db: Knex) => (db.isTransaction ? finish(db) : db.transaction(finish)),
  };
  return {
    ...knexConfig(target.ownerUrl, { max: 1, applicationName: MIGRATOR, ...unlimited, setUp: session.setUp }),
    client: MigrationClient,
    migrations: { migrationSource, ...hooks },
  };
}
