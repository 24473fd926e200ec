import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/embedded';
import { migrate } from '../../../src/migrate';

const PREFIX = 'bilten-test-';
const ROOMY_BYTES = 2 ** 30;

export interface TestServer {
  /** URLs of the migrated template database, for its owner and for the program's role. */
  ownerUrl: string;
  programUrl: string;
  superuserUrl: string;
  folder: string;
  stop(): Promise<void>;
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs statements in sequence on a separate connection. */
export async function execute(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Creates a folder for the run, in /dev/shm if there is room. Docker's default size for it is only 64 MB. */
function makeFolder(): string {
  const memory = '/dev/shm';
  let parent = os.tmpdir();
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize >= ROOMY_BYTES) parent = memory;
  } catch {
    // Only Linux has /dev/shm.
  }
  for (const name of readdirSync(parent)) {
    const pid = Number(name.startsWith(PREFIX) ? name.split('-')[2] : Number.NaN);
    if (pid && hasEnded(pid)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(path.join(parent, `${PREFIX}${process.pid}-`));
  // The server may run as another user, which needs access.
  chmodSync(folder, 0o711);
  return folder;
}

async function ownServer(folder: string): Promise<TestServer> {
  // A run that needs a durable server also kills it, and need not be told of that.
  const durable = process.env.TEST_DURABLE === '1';
  const log = { info: () => undefined, warn: (message: string) => durable || console.warn(message) };
  const server = await startEmbeddedPostgres({ dataDir: folder, durable, log });
  return { ...server, folder, stop: () => server.stop() };
}

/** Creates two roles and a database on an external server. They are dropped afterwards. */
async function givenServer(superuserUrl: string, folder: string): Promise<TestServer> {
  const name = `bilten_test_${process.pid}_${randomBytes(3).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const login = (role: string) =>
    Object.assign(new URL(withDatabase(superuserUrl, name)), { username: role, password }).href;
  await execute(
    superuserUrl,
    `CREATE ROLE ${name}_owner LOGIN CREATEDB PASSWORD '${password}'`,
    `CREATE ROLE ${name}_program LOGIN PASSWORD '${password}'`,
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`,
    `ALTER DATABASE ${name} OWNER TO ${name}_owner`,
  ).catch((error: Error) => {
    throw new Error(`The role in TEST_DATABASE_URL must be allowed to create roles and databases: ${error.message}`);
  });
  return {
    ownerUrl: login(`${name}_owner`),
    programUrl: login(`${name}_program`),
    superuserUrl,
    folder,
    stop: () =>
      execute(
        superuserUrl,
        `DROP DATABASE ${name} WITH (FORCE)`,
        `DROP ROLE ${name}_program`,
        `DROP ROLE ${name}_owner`,
      ),
  };
}

/** Starts PostgreSQL for a run of the tests, with a migrated database to clone. */
export async function startPostgres(givenUrl: string | undefined): Promise<TestServer> {
  const folder = makeFolder();
  const server = givenUrl ? await givenServer(givenUrl, folder) : await ownServer(folder);
  const program = new URL(server.programUrl).username;
  await migrate(server.ownerUrl, program, server.programUrl);
  // By default each connection plans a statement five times before it reuses the plan, but connections of tests are short-lived.
  await execute(server.superuserUrl, `ALTER ROLE ${program} SET plan_cache_mode = force_generic_plan`);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
