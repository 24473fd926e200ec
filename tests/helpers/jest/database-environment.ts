import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Circus } from '@jest/types';
import SharedEnvironment from './environment';
import { execute, withDatabase } from '../servers/postgres';

/** Clones a database for each test file before it is loaded, and drops it after the last hook. */
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
    // An afterAll would be too early: those of a setup file run before those of the test file.
    if (name === 'run_finish') await (this.global as { closeFile?: () => Promise<void> }).closeFile?.();
  }

  override async teardown(): Promise<void> {
    // Superuser and autovacuum connections may remain, and the owner may not terminate them.
    await execute(process.env.TEST_SUPERUSER_URL!, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    await super.teardown();
  }
}
