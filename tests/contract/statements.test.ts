import { readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { database } from '../../src/database';
import { statement, statements, int4, orNull, text, type Statement } from '../../src/models/statement';
import { describeStatement } from '../helpers/describe-statement';

const MODELS = path.join(__dirname, '../../src/models');

for (const file of readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')))
  jest.requireActual(path.join(MODELS, file));

/** Returns the SQL as the driver receives it, with numbered parameters, and the name of each. */
function toNative({ sql }: Statement<unknown>): { text: string; names: string[] } {
  const names = [...sql.matchAll(/(?<!:):(\w+)/g)].map(([, name]) => [name, name] as const);
  const native = database.raw(sql, Object.fromEntries(names)).toSQL().toNative();
  return { text: native.sql, names: native.bindings as string[] };
}

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
const types = new Map<number, string>();
/** Nullable columns, as `table.position`. */
const nullable = new Set<string>();

beforeAll(async () => {
  await client.connect();
  for (const { oid, typname } of (await client.query('SELECT oid, typname FROM pg_type')).rows) types.set(oid, typname);
  const { rows } = await client.query(
    `SELECT a.attrelid, a.attnum FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE NOT a.attnotnull AND a.attnum > 0 AND c.relkind IN ('r', 'p')`,
  );
  for (const { attrelid, attnum } of rows) nullable.add(`${attrelid}.${attnum}`);
});
afterAll(() => client.end());

/** Returns the differences between a statement's declaration and PostgreSQL's description. */
async function listDifferences(declared: Statement<unknown>): Promise<string[]> {
  const described = await describeStatement(client, toNative(declared).text);
  const columns = Object.entries(declared.columns);
  const names = described.map(({ name }) => name);
  const differences = columns
    .filter(([name]) => !names.includes(name))
    .map(([name]) => `${name}: declared, not returned`);
  for (const { name, typeId, tableId, position } of described) {
    const column = declared.columns[name];
    const type = types.get(typeId);
    if (!column) differences.push(`${name}: returned, not declared`);
    else if (column.type !== type) differences.push(`${name}: declared as ${column.type}, returned as ${type}`);
    else if (column.isNullable === undefined && nullable.has(`${tableId}.${position}`))
      differences.push(`${name}: may be null, and is not declared so`);
  }
  return differences;
}

describe('a declared statement', () => {
  it.each([...statements.values()].map((declared) => [declared.name, declared] as const))(
    'returns the columns that it declares: %s',
    async (_name, declared) => {
      expect(await listDifferences(declared)).toEqual([]);
    },
  );

  it('is reported if it differs from what PostgreSQL says', async () => {
    const wrong = (name: string, column: string) =>
      statement({
        name,
        columns: { id: int4('id'), [name]: text(name), reason: orNull(text('cancel_reason')) },
        sql: (list) => `SELECT ${column === name ? list : list.replace(`${name} AS "${name}"`, column)} FROM bookings`,
      });
    expect(await listDifferences(wrong('tickets_count', 'tickets_count'))).toEqual([
      'tickets_count: declared as text, returned as int4',
    ]);
    expect(await listDifferences(wrong('cancel_reason', 'cancel_reason'))).toEqual([
      'cancel_reason: may be null, and is not declared so',
    ]);
    expect(await listDifferences(wrong('currency', 'currency AS "money"'))).toEqual([
      'currency: declared, not returned',
      'money: returned, not declared',
    ]);
    await expect(listDifferences(wrong('no_such_column', 'no_such_column'))).rejects.toThrow(
      'column "no_such_column" does not exist',
    );
  });
});

/** Runs a statement nine times, with one element in each array, and returns how often PostgreSQL reused its plan. */
async function countReusedPlans(declared: Statement<unknown>): Promise<number> {
  const { text: sql, names } = toNative(declared);
  const toValue = (name: string): unknown => {
    const type = new RegExp(`:${name}::(\\w+)\\[\\]`).exec(declared.sql)?.[1];
    return type === undefined ? 1 : type === 'int' ? '{1}' : '{}';
  };
  // The server of the tests reuses every plan.
  await client.query('BEGIN; SET LOCAL plan_cache_mode = auto');
  for (let count = 0; count < 9; count += 1)
    await client.query({ name: declared.name, text: sql, values: names.map(toValue) });
  const { rows } = await client.query<{ generic_plans: string }>(
    'SELECT generic_plans FROM pg_prepared_statements WHERE name = $1',
    [declared.name],
  );
  await client.query('ROLLBACK');
  return Number(rows[0]!.generic_plans);
}

describe('a prepared statement', () => {
  // Planned for its values: how many rows a series or a limit has changes the plan.
  const PLANNED_EACH_TIME = ['inventory-order-ids', 'inventory-waitlist-queues'];
  const reading = [...statements.values()].filter(
    ({ isPrepared, sql, name }) =>
      isPrepared && !/INSERT|UPDATE (?!OF|SKIP)\w/.test(sql) && !PLANNED_EACH_TIME.includes(name),
  );

  it.each(reading.map((declared) => [declared.name, declared] as const))(
    'is not planned each time: %s',
    async (_name, declared) => {
      expect(await countReusedPlans(declared)).toBe(4);
    },
  );

  it('would be found if PostgreSQL saw the length of its arrays', async () => {
    const sql = `SELECT n.count FROM unnest(:ids::int[]) AS u(id)
      CROSS JOIN LATERAL (SELECT count(*) FROM pg_attribute WHERE attnum > u.id) n`;
    const seen = { name: 'seen', sql, columns: {}, isPrepared: true };
    expect(await countReusedPlans(seen)).toBe(0);
    expect(await countReusedPlans(statement({ ...seen, name: 'hidden', sql: () => sql }))).toBe(4);
  });
});
