import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { generateTableTypes, DELIVERED } from '../../scripts/table-types';
import { database, type Db } from '../../src/database';

const checkedIn = readFileSync(path.join(__dirname, '../../src/database/tables.ts'), 'utf8');

describe('src/database/tables.ts', () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_OWNER_URL });
  beforeAll(() => client.connect());
  afterAll(() => client.end());

  it('is what npm run db:types writes for the migrated schema', async () => {
    expect(await generateTableTypes(client)).toBe(checkedIn);
  });

  it.each([
    ['a new column', 'ALTER TABLE bookings ADD note text', '    note: string | null;'],
    ['a column that may be null', 'ALTER TABLE bookings ALTER currency DROP NOT NULL', '    currency: string | null;'],
    ['another type', 'ALTER TABLE schedules ALTER last_error TYPE int USING 0', '    last_error: number | null;'],
    ['another default', 'ALTER TABLE bookings ALTER currency SET DEFAULT $$EUR$$', '    currency: Defaulted<string>;'],
  ])('is recognized as stale after %s', async (_change, statement, line) => {
    await client.query('BEGIN');
    try {
      await client.query(statement);
      const generated = await generateTableTypes(client);
      expect(generated).not.toBe(checkedIn);
      expect(generated.split('\n')).toContain(line);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('refuses types that it does not know', async () => {
    await client.query('BEGIN; ALTER TABLE bookings ADD place point');
    await expect(generateTableTypes(client)).rejects.toThrow('bookings.place is of type point');
    await client.query('ROLLBACK');
  });
});

describe('a value from the driver', () => {
  const samples: Record<string, [sql: string, type: unknown]> = {
    bool: ['true', 'boolean'],
    bpchar: ["'EUR'::char(3)", 'string'],
    bytea: ["'\\x00'::bytea", Buffer],
    date: ["'2030-01-01'::date", Date],
    float8: ['0.5::float8', 'number'],
    inet: ["'::1'::inet", 'string'],
    int2: ['1::int2', 'number'],
    int4: ['1::int4', 'number'],
    int8: ['1::int8', 'number'],
    json: [`'{"a":1}'::json`, 'object'],
    jsonb: [`'{"a":1}'::jsonb`, 'object'],
    numeric: ['1.50::numeric', 'string'],
    text: ["'a'::text", 'string'],
    timestamptz: ['now()', Date],
    tsvector: ["'a'::tsvector", 'string'],
    uuid: ['gen_random_uuid()', 'string'],
  };

  it('is tested for every type that tables use', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(DELIVERED).sort());
  });

  it.each(Object.entries(samples))('of type %s has the declared TypeScript type', async (name, [sql, type]) => {
    const { rows } = await database.raw<{ rows: { value: unknown }[] }>(`SELECT ${sql} AS value`);
    const { value } = rows[0]!;
    if (typeof type === 'string') expect(typeof value).toBe(type);
    else expect(value).toBeInstanceOf(type);
    const said = { Numeric: 'string', Json: 'object' }[DELIVERED[name]!] ?? DELIVERED[name];
    expect(said).toBe(typeof type === 'string' ? type : (type as { name: string }).name);
  });
});

describe('queries', () => {
  // `npm run typecheck` compiles each line and fails if an expected error is missing.
  const misspelled = (db: Db) => [
    // @ts-expect-error no such table
    () => db('waitlist_entry'),
    // @ts-expect-error no such column
    () => db('waitlist_entries').where({ statuss: 'waiting' }),
    // @ts-expect-error not a status
    () => db('waitlist_entries').where({ status: 'wating' }),
    // @ts-expect-error not a number
    () => db('waitlist_entries').where({ id: 'one' }),
    // @ts-expect-error no such column
    () => db('waitlist_entries').where('statuss', 'waiting'),
    // @ts-expect-error no such column
    () => db('waitlist_entries').orderBy('joined'),
    // @ts-expect-error no such column
    () => db('waitlist_entries').select('id', 'joined'),
    // @ts-expect-error no such column
    () => db('waitlist_entries').first({ joinedAt: 'joined' }),
    // @ts-expect-error no such column
    () => db('waitlist_entries').update({ offer_expires: null }),
    // @ts-expect-error not null
    () => db('waitlist_entries').update({ status: null }),
    // @ts-expect-error lacks columns without a default
    () => db('seats').insert({ section: 'A' }),
    // @ts-expect-error PostgreSQL generates it
    () => db('events').update({ search: 'text' }),
  ];

  it('can name only existing tables and columns', () => {
    expect(misspelled(database)).toHaveLength(12);
  });
});
