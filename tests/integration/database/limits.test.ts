import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { database } from '../../../src/database';
import { migrate } from '../../../src/migrate';
import { registerUser } from '../../helpers/accounts';
import { anOpenEvent, booking } from '../../helpers/bookings';
import { startInstance, type Instance } from '../../helpers/instance';
import { execute, withDatabase } from '../../helpers/servers/postgres';
import { eventually } from '../../helpers/servers/processes';
import { startProxy } from '../../helpers/servers/proxy';

jest.setTimeout(60_000);

const superuserUrl = process.env.TEST_SUPERUSER_URL!;
const ownerUrl = process.env.DATABASE_OWNER_URL!;

async function show(url: string, ...names: string[]): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string; setting: string }>(
    `SELECT name, current_setting(name) AS setting FROM pg_settings WHERE name = ANY ($1)`,
    [names],
  );
  await client.end();
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
}

describe('the limits of the program’s role', () => {
  it('apply to every connection of that role', async () => {
    const limits = await show(
      process.env.DATABASE_URL!,
      'statement_timeout',
      'lock_timeout',
      'idle_in_transaction_session_timeout',
      'tcp_user_timeout',
      'tcp_keepalives_idle',
    );
    expect(limits).toEqual({
      statement_timeout: '7s',
      lock_timeout: '2s',
      idle_in_transaction_session_timeout: '10s',
      tcp_user_timeout: '10000',
      tcp_keepalives_idle: '10',
    });
  });

  it.each([
    ['an owner that may change the role', 'CREATEROLE', true],
    ['a single role for everything', '', false],
  ])('are set by %s, without overriding an operator’s values', async (_what, right, hasProgram) => {
    const name = `limited_${process.pid}_${Math.floor(Math.random() * 1e6)}`;
    const as = (role: string) =>
      Object.assign(new URL(withDatabase(superuserUrl, name)), { username: role, password: 'x' }).href;
    await execute(
      superuserUrl,
      `CREATE ROLE ${name}_o LOGIN ${right} PASSWORD 'x'`,
      `CREATE DATABASE ${name} OWNER ${name}_o`,
    );
    if (hasProgram)
      await execute(
        superuserUrl,
        `CREATE ROLE ${name}_p LOGIN PASSWORD 'x'`,
        `GRANT ${name}_p TO ${name}_o WITH ADMIN OPTION`,
      );
    const program = `${name}_${hasProgram ? 'p' : 'o'}`;
    await execute(superuserUrl, `ALTER ROLE ${program} SET statement_timeout = '20s'`);
    try {
      expect(await migrate(as(`${name}_o`), program)).toContain('0001-accounts.sql');
      expect(await show(as(program), 'statement_timeout', 'lock_timeout')).toEqual({
        statement_timeout: '20s',
        lock_timeout: '2s',
      });
      if (hasProgram) expect(await show(as(`${name}_o`), 'lock_timeout')).toEqual({ lock_timeout: '0' });
      expect(await migrate(as(`${name}_o`), program)).toEqual([]);
    } finally {
      await execute(
        superuserUrl,
        `DROP DATABASE ${name} WITH (FORCE)`,
        `DROP ROLE IF EXISTS ${name}_p`,
        `DROP ROLE ${name}_o`,
      );
    }
  });
});

describe('a locked table', () => {
  let owner: pg.Client;
  let instance: Instance;

  beforeEach(async () => {
    owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    instance = startInstance({ DATABASE_POOL_SIZE: '10' });
    instance.startRevocationPolling();
  });
  afterEach(async () => {
    await owner.end();
    await instance.close();
  });

  it.each(['events', 'bookings', 'notifications'])(
    'blocks no other route, and the process reports not ready: %s',
    async (table) => {
      const user = await registerUser();
      const event = await anOpenEvent();
      const routes: Record<string, string> = {
        events: '/api/events?limit=7&page=',
        bookings: '/api/bookings/my-bookings?page=',
        notifications: '/api/notifications?page=',
      };
      const other = table === 'notifications' ? `/api/events/${event.id}` : '/api/auth/profile';
      await instance.as(user.token).get(other).expect(200);
      await owner.query(`BEGIN; LOCK TABLE ${table}`);
      const stuck = Array.from({ length: 14 }, (_, n) =>
        instance
          .as(user.token)
          .get(`${routes[table]}${n + 1}`)
          .then(({ status }) => status),
      );
      await sleep(100);
      const since = performance.now();
      const answered = instance
        .as(user.token)
        .get(other)
        .then(({ status }) => ({ status, ms: performance.now() - since }));
      await eventually(async () => (await instance.anonymous.get('/health/ready')).status === 503);
      expect(await answered).toEqual({ status: 200, ms: expect.any(Number) });
      expect((await answered).ms).toBeLessThan(5000);
      expect(new Set(await Promise.all(stuck))).toEqual(new Set([503]));
      await owner.query('ROLLBACK');
      await eventually(async () => (await instance.anonymous.get('/health/ready')).status === 200);
    },
  );
});

describe('a process that freezes in the middle of a batch', () => {
  it('holds its event for a few seconds only; other processes continue to sell', async () => {
    const proxy = await startProxy(process.env.DATABASE_URL!);
    const frozen = startInstance({ DATABASE_URL: proxy.url });
    const event = await anOpenEvent();
    const [first, second] = [await registerUser(), await registerUser()];
    const { held, release } = proxy.holdNextCommit();
    const lost = frozen.as(first.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 });
    const outcome = lost.then(({ status }) => status);
    await held;
    proxy.down();
    expect((await booking(second, event.id)).status).toBe(201);
    release();
    await outcome;
    const { rows } = await database.raw<{ rows: { sold: number }[] }>(
      'SELECT sold FROM event_inventory WHERE event_id = ?',
      [event.id],
    );
    expect(rows[0]!.sold).toBe(1);
    await frozen.close();
    await proxy.close();
  });
});
