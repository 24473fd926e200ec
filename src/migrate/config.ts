import { runMigrations } from 'bullmq';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { createKnex, knexConfig } from '../database';
import { spellOldAddresses } from './addresses';
import { MigrationClient, MIGRATOR, retryUntilLocked, type MigrationSession } from './client';
import { migrationSource, readSql, runSql } from './files';
import { limitRole } from './role-limits';
import { setRights } from './rights';

/** The database that is migrated. */
export interface MigrationTarget {
  ownerUrl: string;
  /** The role the program uses, unless that is the owner's own; by default the one that has its rights already. */
  programRole?: string;
  /** How that role connects: it sets limits of its own that the owner may not set. */
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

/** Brings the queues and the limits of the program's role up to date, over a connection of its own. */
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

/** Fills a database in which nobody has an account yet with demo data. @returns whether it did */
export async function seedDemoData(db: Knex): Promise<boolean> {
  return db.transaction(async (trx) => {
    if (await trx('users').first('id')) return false;
    for (const { sql } of await readSql('seeds')) await runSql(trx, sql);
    return true;
  });
}

/**
 * What Knex needs to migrate, from our commands or its own: the SQL files, one process at a time, with rights and row-level
 * security set in the transaction that creates what they are about.
 */
export function migrationConfig(target: MigrationTarget, session: MigrationSession): Knex.Config {
  const finish = async (trx: Knex): Promise<void> => {
    await spellOldAddresses(trx);
    await setRights(trx, target.programRole);
  };
  // Knex documents these hooks, and its types lack them.
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
