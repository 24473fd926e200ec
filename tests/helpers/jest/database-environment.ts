import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Circus } from '@jest/types';
import SharedEnvironment from './environment';
import { execute, withDatabase } from '../servers/postgres';

/** Gives each test file a database of its own, cloned before the file is loaded, dropped when all its hooks have run. */
export default class DatabaseEnvironment extends SharedEnvironment {
  private readonly name = `file_${process.env.JEST_WORKER_ID}_${randomBytes(4).toString('hex')}`;
  private readonly templateUrl = process.env.TEST_OWNER_URL ?? '';

  override async setup(): Promise<void> {
    await super.setup();
    const template = new URL(this.templateUrl).pathname.slice(1);
    await execute(
      withDatabase(this.templateUrl, 'postgres'),
      `CREATE DATABASE ${this.name} TEMPLATE ${template} ${process.env.TEST_CLONING}`,
    );
    Object.assign(this.global.process.env, {
      DATABASE_URL: withDatabase(process.env.TEST_PROGRAM_URL ?? '', this.name),
      DATABASE_OWNER_URL: withDatabase(this.templateUrl, this.name),
      DATA_DIR: path.join(process.env.TEST_FOLDER ?? '', this.name),
    });
  }

  override async handleTestEvent({ name }: Circus.Event): Promise<void> {
    // Later than every afterAll: those of a setup file run before those of the test file.
    if (name === 'run_finish') await (this.global as { closeFile?: () => Promise<void> }).closeFile?.();
  }

  override async teardown(): Promise<void> {
    // Remaining connections may be a superuser's or an autovacuum worker's, which the owner may not terminate.
    await execute(process.env.TEST_SUPERUSER_URL!, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    await super.teardown();
  }
}
