import { randomBytes } from 'node:crypto';
import { rmSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { execute, withDatabase } from '../helpers/servers/postgres';
import { eventually, processesNaming, start, type Started } from '../helpers/servers/processes';

// Each Knex command builds the program first.
jest.setTimeout(300_000);

const ROOT = path.join(__dirname, '..', '..');
const superuserUrl = process.env.TEST_SUPERUSER_URL!;
const created: string[] = [];

interface Database {
  ownerUrl: string;
  settings: Record<string, string>;
}

/** Creates an empty database with its own roles for the owner and the program. */
async function emptyDatabase(): Promise<Database> {
  const name = `knexfile_${randomBytes(4).toString('hex')}`;
  created.push(name);
  const as = (role: string) =>
    Object.assign(new URL(withDatabase(superuserUrl, name)), { username: `${name}_${role}`, password: 'x' }).href;
  await execute(
    superuserUrl,
    `CREATE ROLE ${name}_owner LOGIN PASSWORD 'x'`,
    `CREATE ROLE ${name}_program LOGIN PASSWORD 'x'`,
    `CREATE DATABASE ${name} OWNER ${name}_owner TEMPLATE template0 ENCODING 'UTF8'`,
  );
  const settings = {
    DATABASE_OWNER_URL: as('owner'),
    DATABASE_URL: as('program'),
    DATA_DIR: path.join(process.env.DATA_DIR!, name),
    DOTENV_CONFIG_PATH: 'none',
    LOG_LEVEL: 'warn',
  };
  return { ownerUrl: as('owner'), settings };
}

function startKnex(args: string[], { settings }: Database): Started {
  return start(process.execPath, [path.join(ROOT, 'node_modules/knex/bin/cli.js'), '--cwd', ROOT, ...args], settings);
}

async function run(started: Started): Promise<string> {
  const { code } = await started.exited;
  if (code !== 0) throw new Error(started.output());
  return started.output();
}

const knex = (args: string[], database: Database) => run(startKnex(args, database));
const command = (args: string[], { settings }: Database) =>
  run(start(process.execPath, [path.join(ROOT, 'dist/cli.js'), ...args], settings));

const NAMESPACES = "('public', 'bullmq')";
// Everything that a migration can leave behind. The names of the roles are replaced by `owner` and `program`.
const CATALOG: Record<string, string> = {
  relations: `SELECT n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text, c.relacl::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ${NAMESPACES} ORDER BY 1, 2`,
  schemas: `SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname IN ${NAMESPACES} ORDER BY 1`,
  columns: `SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default, generation_expression, collation_name
    FROM information_schema.columns WHERE table_schema IN ${NAMESPACES} ORDER BY 1, 2, 3`,
  constraints: `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace::regnamespace::text IN ${NAMESPACES} ORDER BY 1, 2`,
  indexes: `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname IN ${NAMESPACES} ORDER BY 1, 2`,
  triggers: `SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
  functions: `SELECT p.proname, md5(p.prosrc), p.proconfig::text, p.proacl::text FROM pg_proc p
    WHERE p.pronamespace::regnamespace::text IN ${NAMESPACES} ORDER BY 1, 2`,
  policies: `SELECT schemaname, tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2`,
  roles: `SELECT r.rolname, unnest(s.setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
    WHERE r.rolname LIKE current_database() || '%' ORDER BY 1, 2`,
  migrations: 'SELECT name, batch FROM knex_migrations ORDER BY id',
};

async function catalog({ ownerUrl }: Database): Promise<Record<string, unknown[]>> {
  const name = new URL(ownerUrl).pathname.slice(1);
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const found: Record<string, unknown[]> = {};
    for (const [what, sql] of Object.entries(CATALOG)) {
      const { rows } = await client.query({ text: sql, rowMode: 'array' });
      found[what] = JSON.parse(JSON.stringify(rows).replaceAll(`${name}_`, ''));
    }
    return found;
  } finally {
    await client.end();
  }
}

let ours: Database;
let expected: Record<string, unknown[]>;

beforeAll(async () => {
  ours = await emptyDatabase();
  await command(['migrate'], ours);
  expected = await catalog(ours);
});

afterAll(async () => {
  for (const name of created)
    await execute(
      superuserUrl,
      `DROP DATABASE ${name} WITH (FORCE)`,
      `DROP ROLE ${name}_program`,
      `DROP ROLE ${name}_owner`,
    );
});

describe('npx knex', () => {
  it('leaves the same database as npm run migrate, even after migrating up, down and up again', async () => {
    const theirs = await emptyDatabase();
    expect(await knex(['migrate:status'], theirs)).toContain('0001-accounts.sql');
    expect(await knex(['migrate:latest'], theirs)).toMatch(/Batch 1 run: \d+ migrations/);
    expect(await catalog(theirs)).toEqual(expected);
    expect(expected.policies).toContainEqual(expect.arrayContaining(['public', 'bookings', 'program']));
    expect(expected.roles).toContainEqual(['program', 'statement_timeout=7s']);
    expect(await knex(['migrate:status'], theirs)).toContain('No Pending Migration');

    expect(await knex(['migrate:rollback'], theirs)).toMatch(/Batch 1 rolled back: \d+ migrations/);
    const tables = (await catalog(theirs)).relations!.filter((row) => (row as string[])[2] === 'r');
    const names = tables.map((row) => (row as string[]).slice(0, 2).join('.'));
    expect(names.filter((name) => name.startsWith('public.'))).toEqual([
      'public.knex_migrations',
      'public.knex_migrations_lock',
    ]);
    await knex(['migrate:latest'], theirs);
    expect(await catalog(theirs)).toEqual(expected);
  });

  it('fills an empty database with the demo data, once', async () => {
    expect(await knex(['seed:run'], ours)).toContain('Ran 1 seed files');
    const client = new pg.Client({ connectionString: ours.ownerUrl });
    await client.connect();
    const count = async () => (await client.query('SELECT count(*)::int AS count FROM events')).rows[0].count;
    const before = await count();
    expect(before).toBeGreaterThan(10);
    expect((await client.query('SELECT FROM analytics_slots')).rowCount).toBeGreaterThan(0);
    expect(await knex(['seed:run'], ours)).toContain('There are accounts already');
    expect(await count()).toBe(before);
    await client.end();
  });

  it('waits for a lock without delaying others, and makes another migration wait', async () => {
    const [reader, watcher] = [1, 2].map(() => new pg.Client({ connectionString: ours.ownerUrl })) as [
      pg.Client,
      pg.Client,
    ];
    for (const client of [reader, watcher]) client.on('error', () => undefined);
    await Promise.all([reader.connect(), watcher.connect()]);
    const { rows } = await reader.query(
      "SELECT string_agg(tablename, ', ') AS names FROM pg_tables WHERE schemaname = 'public'",
    );
    await reader.query(`BEGIN; LOCK TABLE ${rows[0].names} IN ACCESS SHARE MODE`);
    const rollback = startKnex(['migrate:rollback'], ours);
    await eventually(() => rollback.output().includes('tries again'), rollback.output);
    const other = start(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'migrate'], ours.settings);
    await eventually(
      async () =>
        (
          await watcher.query(
            "SELECT FROM pg_stat_activity WHERE application_name = 'bilten migrate' AND wait_event = 'advisory' AND datname = current_database()",
          )
        ).rowCount,
      other.output,
    );
    await reader.query('COMMIT');
    await Promise.all([reader.end(), watcher.end()]);
    expect(await run(rollback)).toContain('rolled back');
    expect(await run(other)).toContain('applied     0001-accounts.sql');
    expect(await catalog(ours)).toEqual(expected);
  });

  it('migrates the database of npm start, and leaves no server behind', async () => {
    const DATA_DIR = path.join(process.env.DATA_DIR!, 'own');
    const own = { ownerUrl: '', settings: { DATA_DIR, DOTENV_CONFIG_PATH: 'none' } };
    expect(await knex(['migrate:latest'], own)).toMatch(/Batch 1 run/);
    await eventually(() => processesNaming(DATA_DIR).length === 0);
  });

  it('refuses migrate:make and names the command to use', async () => {
    await expect(knex(['migrate:make', 'mine'], ours)).rejects.toThrow('npm run migrate -- make NAME');
  });
});

describe('npm run migrate -- make', () => {
  it('creates the next migration with both directions', async () => {
    const output = await command(['migrate', 'make', 'Add', 'venue_phone'], ours);
    const file = path.resolve(/made\s+(\S+)/.exec(output)![1]!);
    try {
      expect(path.relative(ROOT, file)).toMatch(/^database\/migrations\/\d{4}-add-venue-phone\.sql$/);
      expect(readFileSync(file, 'utf8')).toBe('-- migrate:up\n\n-- migrate:down\n');
    } finally {
      rmSync(file);
    }
  });
});
