'use strict';

// npm run db:types: migrates a database of its own, and writes the types of its tables to src/database/tables.ts.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const pg = require('pg');

const root = path.join(__dirname, '..');
const file = path.join(root, 'src/database/tables.ts');

/**
 * What the driver makes of a value of each type, with the parsers of src/database/index.ts.
 * @type {Record<string, string>}
 */
const DELIVERED = {
  bool: 'boolean',
  bpchar: 'string',
  bytea: 'Buffer',
  date: 'Date',
  float8: 'number',
  inet: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  json: 'Json',
  jsonb: 'Json',
  numeric: 'Numeric',
  text: 'string',
  timestamptz: 'Date',
  tsvector: 'string',
  uuid: 'string',
};

/** Arrays of these are parsed element by element. */
const IN_ARRAYS = new Set(['int4', 'text']);

const HEADER = `// Written by \`npm run db:types\`. Change the schema by a migration, then run that again.

/** The driver stringifies objects on the way in; arrays and strings have to be JSON already. */
export interface Json {
  row: unknown;
  written: unknown;
}

/** Exact, so that money is never a float; numbers may be written. */
export interface Numeric {
  row: string;
  written: string | number;
}

/** May be left out of an insert. */
export interface Defaulted<T> {
  row: RowValue<T>;
  written: WrittenValue<T>;
  isOptional: true;
}

/** Computed by PostgreSQL, never written. */
export interface Computed<T> {
  row: RowValue<T>;
  written: never;
  isOptional: true;
}

/** What is read of a column. */
export type RowValue<T> = T extends { row: infer R } ? R : T;
/** What may be written to it. */
export type WrittenValue<T> = T extends { written: infer W } ? W : T;
`;

/**
 * @typedef {object} Column
 * @property {string} table
 * @property {string} name
 * @property {string} type
 * @property {boolean} is_nullable
 * @property {boolean} has_default
 * @property {boolean} is_computed
 * @property {string[] | null} checks definitions of the constraints on this column alone
 */

const LIST_COLUMNS = `
  SELECT
    c.relname AS table,
    a.attname AS name,
    t.typname AS type,
    NOT a.attnotnull AS is_nullable,
    a.atthasdef OR a.attidentity <> '' AS has_default,
    a.attgenerated <> '' OR a.attidentity = 'a' OR c.relkind = 'v' AS is_computed,
    (
      SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY k.conname)
      FROM pg_constraint k
      WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
    ) AS checks
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p', 'v')
    AND c.relname NOT LIKE 'knex\\_migrations%'
  ORDER BY c.relname COLLATE "C", a.attnum`;

/** @param {Column} column @returns {string} the words a column is limited to as a union, else the type of any value */
function typeOfValue({ table, name, type, checks }) {
  for (const check of checks ?? []) {
    const list = /^CHECK \(\(+\w+\)? = ANY \(\(?ARRAY\[([^\]]*)\]/.exec(check)?.[1];
    const words = list?.match(/'[\w-]+'(?=::text)/g);
    if (words && type === 'text') return words.join(' | ');
  }
  const isArray = type.startsWith('_');
  const element = isArray ? type.slice(1) : type;
  const delivered = DELIVERED[element];
  if (!delivered || (isArray && !IN_ARRAYS.has(element)))
    throw new Error(`${table}.${name} is of type ${type}: say in scripts/table-types.js what the driver makes of it.`);
  return isArray ? `${delivered}[]` : delivered;
}

/** @param {Column} column */
function lineOf(column) {
  const value = typeOfValue(column);
  const type = column.is_nullable ? `${value} | null` : value;
  const wrapped = column.is_computed ? `Computed<${type}>` : column.has_default ? `Defaulted<${type}>` : type;
  return `    ${column.name}: ${wrapped};`;
}

/**
 * The module of types for the tables and views of a migrated database.
 * @param {pg.ClientBase} client
 * @returns {Promise<string>}
 */
async function generateTableTypes(client) {
  const { rows } = await client.query(LIST_COLUMNS);
  const columns = /** @type {Column[]} */ (rows);
  const tables = [...new Set(columns.map(({ table }) => table))].map(
    (table) =>
      `  ${table}: {\n${columns
        .filter((each) => each.table === table)
        .map(lineOf)
        .join('\n')}\n  };`,
  );
  return `${HEADER}\n/** Tables and views by name. */\nexport interface Tables {\n${tables.join('\n')}\n}\n`;
}

async function main() {
  const { startEmbeddedPostgres } = require('#src/embedded/index');
  const { migrate } = require('#src/migrate/index');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bilten-types-'));
  // The server may run as another user, who has to get in.
  fs.chmodSync(folder, 0o711);
  const log = { info: () => undefined, warn: console.warn };
  const server = await startEmbeddedPostgres({ dataDir: folder, durable: false, log });
  try {
    await migrate(server.ownerUrl);
    const client = new pg.Client({ connectionString: server.ownerUrl });
    await client.connect();
    fs.writeFileSync(file, await generateTableTypes(client));
    await client.end();
  } finally {
    await server.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { DELIVERED, generateTableTypes };

if (require.main === module)
  main().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
