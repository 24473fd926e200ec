import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hash } from 'bcryptjs';
import pg from 'pg';
import { startEmbeddedPostgres } from '#src/embedded/index';
import { migrate } from '#src/migrate/index';
import { parentOf } from './cpu';
import { PASSWORD, populate } from './populate';
import type { Sizes } from './settings';

const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'];
const COST = 12;

/** A separate database for one measurement, like that of a new installation plus users and events. */
export interface TestDatabase {
  /** The URL for the program's role. */
  url: string;
  superuserUrl: string;
  query<T extends pg.QueryResultRow>(sql: string): Promise<T[]>;
}

export interface Stage {
  version: string;
  /** The URL of the server itself. */
  pid: number | undefined;
  withDatabase<T>(work: (database: TestDatabase) => Promise<T>): Promise<T>;
  /** Returns a database that is kept until the end, prepared on first use. */
  keptDatabase(name: string, prepare: (database: TestDatabase) => Promise<void>): Promise<TestDatabase>;
  stop(): Promise<void>;
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const renamed = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

async function assertDurable(client: pg.Client): Promise<void> {
  for (const setting of DURABLE) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${setting}`);
    if (rows[0]?.[setting] !== 'on') throw new Error(`${setting} is not on: nothing measured here would count.`);
  }
}

/** Starts PostgreSQL like `npm start`, with a populated template database. */
export async function openStage(sizes: Sizes): Promise<Stage> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bilten-bench-'));
  // The server may run as another user, who needs access.
  chmodSync(folder, 0o711);
  const log = { info: () => undefined, warn: (message: string) => console.error(message) };
  const server = await startEmbeddedPostgres({ dataDir: folder, durable: true, log });
  await migrate(server.ownerUrl, new URL(server.programUrl).username, server.programUrl);
  const template = new URL(server.ownerUrl).pathname.slice(1);
  const passwordHash = await hash(PASSWORD, COST);
  await connected(renamed(server.superuserUrl, template), async (client) => {
    await assertDurable(client);
    await populate(client, { ...sizes, passwordHash });
  });
  const [about] = await connected(server.superuserUrl, async (client) => {
    const { rows } = await client.query<{ version: string; backend: number }>(
      `SELECT current_setting('server_version') AS version, pg_backend_pid() AS backend`,
    );
    return rows.map(({ version, backend }) => ({ version, pid: parentOf(backend) }));
  });
  let count = 0;
  const kept = new Map<string, Promise<TestDatabase>>();

  async function create(name: string): Promise<TestDatabase> {
    await connected(server.superuserUrl, async (client) => {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      await client.query('CHECKPOINT');
    });
    const superuserUrl = renamed(server.superuserUrl, name);
    const query = async <T extends pg.QueryResultRow>(sql: string) =>
      connected(superuserUrl, async (client) => (await client.query<T>(sql)).rows);
    return { url: renamed(server.programUrl, name), superuserUrl, query };
  }

  async function createKept(name: string, prepare: (database: TestDatabase) => Promise<void>): Promise<TestDatabase> {
    const database = await create(name);
    await prepare(database);
    return database;
  }

  return {
    version: about!.version,
    pid: about!.pid,
    async withDatabase(work) {
      count += 1;
      const name = `run_${count}`;
      const database = await create(name);
      try {
        return await work(database);
      } finally {
        await connected(server.superuserUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
      }
    },
    keptDatabase(name, prepare) {
      const known = kept.get(name) ?? createKept(name, prepare);
      kept.set(name, known);
      return known;
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
