import { readFileSync } from 'node:fs';
import path from 'node:path';
import { database } from '../../../src/database';
import { hashPassword } from '../../../src/integrations/passwords';
import { migrate, rollback } from '../../../src/migrate';
import { signAccessToken } from '../../../src/services/access/access-tokens';
import { anonymous, as, type Client } from '../../helpers/client';
import { execute, withDatabase } from '../../helpers/servers/postgres';
import { violations } from '../../helpers/invariants';

// Rows from a database of the first release, by table, with sales of every kind.
const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'release-0.1.json');
const [ORGANIZER, BUYER, FRIEND, UNVERIFIED] = ['organizer', 'buyer', 'friend', 'unverified'].map(
  (name) => `${name}@old.example`,
) as [string, string, string, string];
const OLD_SPELLING = 'ada@müller.example';
const USUAL_SPELLING_TAKEN = 'bo@müller.example';
const TAKEN = 'bo@xn--mller-kva.example';
const PASSWORD = 'a long enough pass phrase';
const LAST_MIGRATION = '0012-admin.sql';

const ownerUrl = process.env.DATABASE_OWNER_URL!;
const program = new URL(process.env.DATABASE_URL!).username;

async function lastMigration(): Promise<string> {
  const row = (await database('knex_migrations').max('name AS name').first()) as { name: string };
  return row.name;
}

async function listColumns(table: string): Promise<string> {
  const { rows } = await database.raw<{ rows: { name: string }[] }>(
    "SELECT quote_ident(column_name) AS name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? AND is_generated = 'NEVER'",
    [table],
  );
  return rows.map(({ name }) => name).join(', ');
}

/** Inserts the rows unchanged: no triggers run, and foreign keys are not checked. */
async function load(tables: Record<string, object[]>): Promise<void> {
  const statements = ["SET session_replication_role = 'replica'"];
  for (const [table, rows] of Object.entries(tables)) {
    const columns = await listColumns(table);
    const json = JSON.stringify(rows).replaceAll("'", "''");
    statements.push(
      `DELETE FROM ${table}`,
      `INSERT INTO ${table} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM json_populate_recordset(NULL::${table}, '${json}')`,
    );
    if (rows.some((row) => 'id' in row && typeof row.id === 'number'))
      statements.push(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), max(id)) FROM ${table}
        WHERE pg_get_serial_sequence('${table}', 'id') IS NOT NULL`);
  }
  await execute(withDatabase(process.env.TEST_SUPERUSER_URL!, new URL(ownerUrl).pathname.slice(1)), ...statements);
}

async function signIn(email: string): Promise<Client> {
  const { id, role, session } = (await database('users AS u')
    .join('sessions AS s', 's.user_id', 'u.id')
    .where('u.email', email)
    .first('u.id', 'u.role', 's.id AS session')) as { id: number; role: 'customer'; session: number };
  await database('sessions')
    .where('id', session)
    .update({ expires_at: new Date(Date.now() + 86_400_000) });
  return as({ token: signAccessToken({ userId: id, role, sessionId: session }) });
}

interface OldBooking {
  id: number;
  event: { title: string };
  tickets: { id: number; code: string | null; status: string }[];
}

async function listOf<T>(client: Client, target: string): Promise<T[]> {
  const { body } = await client.get(target).expect(200);
  return (body as { data: T[] }).data;
}

describe('a database of the first release', () => {
  beforeAll(async () => {
    while ((await lastMigration()) > LAST_MIGRATION) await rollback(ownerUrl);
    const tables = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Record<string, Record<string, unknown>[]>;
    const friend = tables.users!.find(({ email }) => email === FRIEND)!;
    const password_hash = await hashPassword(PASSWORD);
    const accounts = [OLD_SPELLING, USUAL_SPELLING_TAKEN, TAKEN];
    tables.users!.push(...accounts.map((email, index) => ({ ...friend, id: 90_001 + index, email, password_hash })));
    await load(tables);
    await migrate(ownerUrl, program);
  });

  it('violates no invariant', async () => {
    expect(await lastMigration()).not.toBe(LAST_MIGRATION);
    expect(await violations(database)).toEqual([]);
  });

  it('has normalized addresses, unless another account has the same', async () => {
    const emails = await database('users').where('id', '>', 90_000).orderBy('id').pluck<string[]>('email');
    expect(emails).toEqual(['ada@xn--mller-kva.example', USUAL_SPELLING_TAKEN, TAKEN]);
    for (const email of [OLD_SPELLING, TAKEN])
      await anonymous.post('/api/auth/login').send({ email, password: PASSWORD }).expect(200);
  });

  it('gives the codes of transferred tickets only to their holders', async () => {
    const bookings = await listOf<OldBooking>(await signIn(BUYER), '/api/bookings?limit=100');
    const tickets = bookings.find(({ event }) => event.title === 'Free evening')!.tickets;
    expect(tickets.map(({ status }) => status)).toEqual(['transferred', 'transferred', 'valid', 'valid']);
    expect(tickets.map(({ code }) => code === null)).toEqual([true, true, false, false]);
    const received = await listOf<{ id: number; code: string }>(await signIn(FRIEND), '/api/tickets?limit=100');
    expect(received.find(({ id }) => id === tickets[0]!.id)?.code).toEqual(expect.any(String));
    // This user received a ticket under an address that was never verified.
    const unverified = await listOf<{ event: { title: string } }>(await signIn(UNVERIFIED), '/api/tickets?limit=100');
    expect(unverified.map(({ event }) => event.title)).not.toContain('Free evening');
  });

  it('does not let customers cancel bookings with checked-in tickets', async () => {
    const buyer = await signIn(BUYER);
    const bookings = await listOf<OldBooking>(buyer, '/api/bookings?limit=100');
    const { id } = bookings.find(({ event }) => event.title === 'Free evening')!;
    const { body } = await buyer.put(`/api/bookings/${id}/cancel`).expect(409);
    expect((body as { error: { code: string } }).error.code).toBe('ALREADY_CHECKED_IN');
  });

  it('keeps the terms of each booking, and all payments and refunds', async () => {
    const terms = await database('bookings AS b')
      .join('events AS e', 'e.id', 'b.event_id')
      .where('e.title', 'Free evening')
      .pluck<string[]>('b.cancellation_window_hours');
    expect(terms.map(Number)).toEqual([48, 48, 48]);
    const organizer = await signIn(ORGANIZER);
    const { id } = (await database('events').where('title', 'Euro evening').first('id')) as { id: number };
    const { body } = await organizer.get(`/api/events/${id}/stats`).expect(200);
    expect((body as { data: { revenue: unknown } }).data.revenue).toMatchObject([
      { currency: 'EUR', gross: '20.00', refunded: '5.00', net: '15.00' },
    ]);
  });

  it('has an invoice for each order that was paid', async () => {
    const buyer = await signIn(BUYER);
    const orders = await listOf<{ id: number; status: string }>(buyer, '/api/orders?limit=100');
    const paid = orders.filter(({ status }) => status === 'paid' || status === 'partially_refunded');
    expect(paid).toHaveLength(3);
    for (const { id } of paid) await buyer.get(`/api/orders/${id}/invoice.pdf`).expect(200);
  });
});
