import './settings';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findRedis, startRedis } from '../servers/redis-server';
import { startPostgres } from '../servers/postgres';

/** Servers for the run; what the tests have to know of them is in the environment. */
export default async function globalSetup(): Promise<void> {
  const given = process.env.TEST_REDIS_URL;
  const postgres = await startPostgres(process.env.TEST_DATABASE_URL);
  const program = given ? undefined : await findRedis();
  const redis = program && (await startRedis(program, postgres.folder));
  const missing = !given && !redis;
  if (missing && process.env.REQUIRE_REDIS) {
    await postgres.stop();
    throw new Error(
      'REQUIRE_REDIS is set, but there is no Redis: neither TEST_REDIS_URL, nor redis-server or valkey-server, nor a Debian package.',
    );
  }
  Object.assign(process.env, {
    TEST_OWNER_URL: postgres.ownerUrl,
    TEST_PROGRAM_URL: postgres.programUrl,
    TEST_SUPERUSER_URL: postgres.superuserUrl,
    // By default a clone is written to the log as well. PostgreSQL 14 knows no strategies.
    TEST_CLONING: process.env.TEST_DATABASE_URL ? '' : 'STRATEGY FILE_COPY',
    TEST_FOLDER: postgres.folder,
    ...(redis ? { TEST_REDIS_URL: redis.url } : {}),
  });
  Object.assign(globalThis, {
    async stopServers() {
      const notRun = path.join(postgres.folder, 'not-run');
      const told = existsSync(notRun) ? readFileSync(notRun, 'utf8') : '';
      await redis?.stop();
      await postgres.stop();
      if (told) console.error(`\n${told}`);
      if (missing)
        console.error(
          '\n!!! No Redis was found: the tests that need one did NOT run. Install redis-server or valkey-server, or set TEST_REDIS_URL.\n',
        );
    },
  });
}
