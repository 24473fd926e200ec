import { readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { database } from '../../src/database';
import { statement, statements, int4, orNull, text, type Statement } from '../../src/models/statement';
import { describeStatement } from '../helpers/describe-statement';

const MODELS = path.join(__dirname, '../../src/models');

for (const file of readdirSync(MODELS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')))
  jest.requireActual(path.join(MODELS, file));

/** Returns the SQL as the driver receives it, with numbered parameters. */
function toNativeSql({ sql }: Statement<unknown>): string {
  const names = [...sql.matchAll(/(?<!:):(\w+)/g)].map(([, name]) => [name, null]);
  return database.raw(sql, Object.fromEntries(names)).toSQL().toNative().sql;
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
  const described = await describeStatement(client, toNativeSql(declared));
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
