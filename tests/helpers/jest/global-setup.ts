import './settings';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findRedis, startRedis } from '../servers/redis-server';
import { startPostgres } from '../servers/postgres';

/** Starts the servers for the run and passes their addresses to the tests in environment variables. */
export default async function globalSetup(): Promise<void> {
  const given = process.env.TEST_REDIS_URL;
  const postgres = await startPostgres(process.env.TEST_DATABASE_URL);
  const program = given ? undefined : await findRedis();
  const redis = program && (await startRedis(program, postgres.folder));
  const missing = !given && !redis;
  if (missing && process.env.REQUIRE_REDIS) {
    await postgres.stop();
    throw new Error(
      'REQUIRE_REDIS is set, but no Redis was found: no TEST_REDIS_URL, no redis-server or valkey-server, and no Debian package.',
    );
  }
  Object.assign(process.env, {
    TEST_OWNER_URL: postgres.ownerUrl,
    TEST_PROGRAM_URL: postgres.programUrl,
    TEST_SUPERUSER_URL: postgres.superuserUrl,
    // By default a clone is also written to the WAL. PostgreSQL 14 has no STRATEGY option.
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
