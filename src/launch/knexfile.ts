import path from 'node:path';
import type { Knex } from 'knex';
import { config } from '../config';
import { flushLog } from '../logger';
import { openDatabase } from './database';
import { resolveJwtSecret } from './apply-settings';

async function seedOnce(db: Knex): Promise<void> {
  if (config.isProduction)
    throw new Error('Demo data has accounts whose passwords everybody knows: production does without.');
  const { seedDemoData } = await import('../migrate/config.js');
  if (!(await seedDemoData(db)))
    return console.log('Somebody has an account here already: demo data goes into an empty database only.');
  const { finishSeeding } = await import('./seeding.js');
  await finishSeeding();
}

/**
 * What `npx knex` works from: the database that `npm start` would use, and the migrations of `npm run migrate`.
 * @throws Error for what Knex would make in a form that is not ours
 */
export async function makeKnexfile(args: string[]): Promise<Knex.Config> {
  if (args.includes('migrate:make'))
    throw new Error('Migrations are SQL files: npm run migrate -- make NAME makes the next one.');
  if (args.includes('seed:make')) throw new Error('Demo data is SQL: add a file to database/seeds.');
  // As npm does: DATA_DIR is relative to the project.
  process.chdir(path.join(__dirname, '..', '..'));
  resolveJwtSecret();
  const { ownerUrl, programRole } = await openDatabase();
  process.once('exit', flushLog);
  // Loaded late, like everything that opens connections: which database it is has been settled now.
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
