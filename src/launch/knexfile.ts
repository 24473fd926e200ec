import path from 'node:path';
import type { Knex } from 'knex';
import { config } from '../config';
import { flushLog } from '../logger';
import { openDatabase } from './database';
import { resolveJwtSecret } from './apply-settings';

async function seedOnce(db: Knex): Promise<void> {
  if (config.isProduction)
    throw new Error('Demo data has accounts with publicly known passwords: it cannot be used in production.');
  const { seedDemoData } = await import('../migrate/config.js');
  if (!(await seedDemoData(db)))
    return console.log('There are accounts already: demo data can only be added to an empty database.');
  const { finishSeeding } = await import('./seeding.js');
  await finishSeeding();
}

/**
 * The configuration of `npx knex`: the database of `npm start` and the migrations of `npm run migrate`.
 * @throws Error for commands that would create files in a format we do not use
 */
export async function makeKnexfile(args: string[]): Promise<Knex.Config> {
  if (args.includes('migrate:make'))
    throw new Error('Migrations are SQL files: create one with npm run migrate -- make NAME.');
  if (args.includes('seed:make')) throw new Error('Demo data is SQL: add a file to database/seeds.');
  // Like npm, so that DATA_DIR is relative to the project.
  process.chdir(path.join(__dirname, '..', '..'));
  resolveJwtSecret();
  const { ownerUrl, programRole } = await openDatabase();
  process.once('exit', flushLog);
  // Loaded late, like every module that opens connections, because the database is resolved by now.
  const { openMigrationSession } = await import('../migrate/client.js');
  const { migrationConfig } = await import('../migrate/config.js');
  const target = { ownerUrl, programRole, programUrl: config.databaseUrl };
  return {
    ...migrationConfig(target, openMigrationSession(ownerUrl)),
    seeds: {
      seedSource: { getSeeds: async () => ['demo data'], getSeed: async () => ({ seed: seedOnce }) },
    } as Knex.SeederConfig,
  };
}
