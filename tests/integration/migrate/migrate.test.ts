import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { database } from '../../../src/database';
import { closePasswords, matchesHash } from '../../../src/integrations/passwords';
import { logger } from '../../../src/logger';
import { migrate, rollback, seed } from '../../../src/migrate';
import { retryUntilLocked } from '../../../src/migrate/client';
import { execute } from '../../helpers/servers/postgres';
import { eventually } from '../../helpers/servers/processes';

const ownerUrl = process.env.DATABASE_OWNER_URL!;
const program = new URL(process.env.DATABASE_URL!).username;
const refused = { code: '42501' };

async function tables(): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { name: string }[] }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

async function functions(): Promise<string[]> {
  const ofNoExtension = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')";
  const { rows } = await database.raw<{ rows: { name: string }[] }>(
    `SELECT proname AS name FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND ${ofNoExtension}`,
  );
  return rows.map(({ name }) => name);
}

describe('migrate', () => {
  it('does nothing on a migrated database, even if three run at once', async () => {
    const before = await tables();
    await expect(Promise.all([1, 2, 3].map(() => migrate(ownerUrl, program)))).resolves.toEqual([[], [], []]);
    expect(await tables()).toEqual(before);
  });

  it('migrates down to an empty database and up again', async () => {
    const before = await tables();
    const [last] = await rollback(ownerUrl);
    expect(await rollback(ownerUrl, { all: true })).not.toContain(last);
    expect(await tables()).toEqual(['knex_migrations', 'knex_migrations_lock']);
    expect(await functions()).toEqual([]);
    expect(await migrate(ownerUrl, program)).toContain(last);
    expect(await tables()).toEqual(before);
  });

  it('grants a new table to the role that already has rights if no role is given', async () => {
    await execute(ownerUrl, 'CREATE TABLE later (id integer)', 'INSERT INTO later VALUES (1)');
    await expect(migrate(ownerUrl)).resolves.toEqual([]);
    expect(await database('later').pluck('id')).toEqual([1]);
    await execute(ownerUrl, 'DROP TABLE later');
  });

  it('is not blocked by a lock that a killed migration left behind', async () => {
    await execute(ownerUrl, 'UPDATE knex_migrations_lock SET is_locked = 1');
    await expect(migrate(ownerUrl, program)).resolves.toEqual([]);
  });

  it('says which process it waits for while another migrates', async () => {
    const holder = new pg.Client({ connectionString: ownerUrl });
    await holder.connect();
    const said = jest.spyOn(logger, 'info');
    try {
      await holder.query('BEGIN; SELECT pg_advisory_xact_lock(7216094)');
      const { rows } = await holder.query('SELECT pg_backend_pid() AS pid');
      const migrated = migrate(ownerUrl, program);
      await eventually(() => said.mock.calls.length > 0);
      expect(said.mock.calls[0]![0]).toMatch(
        new RegExp(
          `^Another process \\(from .+, PostgreSQL's process ${rows[0].pid}, since 2.+\\) migrates this database: waiting for it$`,
        ),
      );
      await holder.query('COMMIT');
      await expect(migrated).resolves.toEqual([]);
    } finally {
      said.mockRestore();
      await holder.end();
    }
  });

  it.each(['55P03', '40P01'])('tries again after %s, and passes other errors on', async (code) => {
    let tries = 0;
    const fail = (error: object) => async (): Promise<string> => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('locked'), error);
      return 'done';
    };
    await expect(retryUntilLocked(fail({ code }))).resolves.toBe('done');
    tries = 0;
    await expect(retryUntilLocked(fail({ code: '42P01' }))).rejects.toThrow('locked');
  });

  it('waits for readers of a table without delaying later statements', async () => {
    const all = (await tables()).join(', ');
    const [reader, watcher] = [1, 2].map(() => new pg.Client({ connectionString: ownerUrl })) as [pg.Client, pg.Client];
    for (const client of [reader, watcher]) client.on('error', () => undefined);
    await Promise.all([reader.connect(), watcher.connect()]);
    try {
      await reader.query(`BEGIN; LOCK TABLE ${all} IN ACCESS SHARE MODE`);
      let isDone = false;
      const undone = rollback(ownerUrl, { all: true }).finally(() => (isDone = true));
      await eventually(async () => {
        const { rowCount } = await watcher.query(
          `SELECT FROM pg_stat_activity
           WHERE application_name = 'bilten migrate' AND wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return rowCount;
      });
      const until = performance.now() + 3000;
      while (performance.now() < until) {
        for (const table of ['users', 'events', 'bookings', 'outbox_messages', 'schedules'])
          await database.raw(`SET statement_timeout = '2500ms'; SELECT FROM ${table} LIMIT 1; RESET statement_timeout`);
        await sleep(50);
      }
      expect(isDone).toBe(false);
      await reader.query('ROLLBACK');
      expect(await undone).toContain('0001-accounts.sql');
    } finally {
      await Promise.all([reader.end(), watcher.end()]);
    }
    expect(await migrate(ownerUrl, program)).toContain('0001-accounts.sql');
  });

  it.each([
    ['create a table', 'CREATE TABLE mine (id integer)'],
    ['create a schema', 'CREATE SCHEMA mine'],
    ['alter a table', 'ALTER TABLE users ADD COLUMN mine integer'],
    ['truncate a table', 'TRUNCATE users CASCADE'],
    ['change the list of migrations', 'DELETE FROM knex_migrations'],
    ['alter the queues', 'ALTER TABLE bullmq.job ADD COLUMN mine integer'],
  ])('leaves the program unable to %s', async (_what, statement) => {
    await expect(database.raw(statement)).rejects.toMatchObject(refused);
  });

  it('lets the program read and write every table', async () => {
    for (const table of await tables()) await database(table).select().limit(1);
    await database.raw('SELECT FROM bullmq.job LIMIT 1');
  });

  it('shows no rows to other roles, even roles with rights on the table', async () => {
    const other = `other_${process.pid}_${Math.floor(Math.random() * 1e6)}`;
    const superuser = process.env.TEST_SUPERUSER_URL!;
    const here = Object.assign(new URL(superuser), { pathname: new URL(ownerUrl).pathname }).href;
    await database('users').insert({ email: 'ada@example.com', password_hash: 'none' });
    await execute(
      here,
      `CREATE ROLE ${other} LOGIN PASSWORD 'other'`,
      `GRANT USAGE ON SCHEMA public, bullmq TO ${other}`,
    );
    await execute(
      here,
      `GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO ${other}`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA bullmq TO ${other}`,
    );
    const client = new pg.Client({
      connectionString: Object.assign(new URL(ownerUrl), { username: other, password: 'other' }).href,
    });
    await client.connect();
    try {
      for (const table of [...(await tables()), 'bullmq.job']) {
        const { rows } = await client.query<{ is_shut: boolean }>(`SELECT row_security_active('${table}') AS is_shut`);
        expect({ table, ...rows[0] }).toEqual({ table, is_shut: true });
      }
      // A view with the owner's rights would show rows that row-level security hides.
      const views = await client.query(
        "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND NOT coalesce(reloptions @> '{security_invoker=true}', false)",
      );
      expect(views.rows).toEqual([]);
      expect((await client.query('SELECT FROM users')).rowCount).toBe(0);
      expect((await client.query('SELECT FROM knex_migrations')).rowCount).toBe(0);
      await expect(
        client.query("INSERT INTO users (email, password_hash) VALUES ('eve@example.com', 'none')"),
      ).rejects.toMatchObject(refused);
    } finally {
      await client.end();
      await execute(here, `DROP OWNED BY ${other}`, `DROP ROLE ${other}`);
    }
  });
});

describe('seed', () => {
  it('fills an empty database once, with rows that the program could have written', async () => {
    await database('users').del();
    expect(await Promise.all([seed(ownerUrl), seed(ownerUrl)])).toEqual(expect.arrayContaining([true, false]));
    const upcoming = await database('events').where({ status: 'published' }).where('starts_at', '>', database.fn.now());
    expect(upcoming.length).toBeGreaterThanOrEqual(12);
    const kinds = await database('events').distinct('is_free').orderBy('is_free').pluck<boolean[]>('is_free');
    expect(kinds).toEqual([false, true]);
    const roles = await database('users').distinct('role').orderBy('role').pluck<string[]>('role');
    expect(roles).toEqual(['customer', 'organizer']);
    const wrong = await database.raw<{ rows: unknown[] }>(
      `SELECT e.title FROM events e JOIN event_inventory i ON i.event_id = e.id
       WHERE i.sold <> (SELECT coalesce(sum(tickets_count), 0) FROM bookings b WHERE b.event_id = e.id AND b.status = 'confirmed')
          OR i.waiting <> (SELECT count(*) FROM waitlist_entries w WHERE w.event_id = e.id AND w.status = 'waiting')
          OR i.sold <> (SELECT sum(t.sold) FROM ticket_type_inventory t JOIN ticket_types y ON y.id = t.ticket_type_id WHERE y.event_id = e.id)`,
    );
    expect(wrong.rows).toEqual([]);
    for (const hash of await database('users').distinct('password_hash').pluck<string[]>('password_hash')) {
      expect(await matchesHash('demo-tickets', hash)).toBe(true);
    }
    await closePasswords();
  });

  it('does not touch a database that has accounts', async () => {
    const before = await database('users').select('email');
    expect(before).not.toHaveLength(0);
    expect(await seed(ownerUrl)).toBe(false);
    expect(await database('users').select('email')).toEqual(before);
  });
});
