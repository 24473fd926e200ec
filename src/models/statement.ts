import type { Knex } from 'knex';
import { getPreparedName, send, type Db, type Trx } from '../database';
import { toMs } from './sql';

// Each raw statement declares the columns of its result: name, expression, PostgreSQL type. The SELECT list and the type of a row
// are made from that declaration, and tests/contract/statements.test.ts compares it with what PostgreSQL says of the statement.

declare const VALUE: unique symbol;

export interface ResultColumn<V> {
  expression: string;
  /** As `pg_type.typname` has it. */
  type: string;
  /** False: whatever the table says. */
  isNullable?: boolean;
  readonly [VALUE]?: V;
}

export type ResultColumns = Readonly<Record<string, ResultColumn<unknown>>>;

/** The type of a row with these columns. */
export type RowOf<C> = { -readonly [K in keyof C]: C[K] extends ResultColumn<infer V> ? V : never };

const column =
  <Base>(type: string) =>
  <V extends Base = Base>(expression: string): ResultColumn<V> => ({ expression, type });

export const bool = column<boolean>('bool');
export const bytea = column<Buffer>('bytea');
export const date = column<Date>('date');
export const float8 = column<number>('float8');
export const int2 = column<number>('int2');
export const int4 = column<number>('int4');
export const int4Array = column<number[]>('_int4');
export const int8 = column<number>('int8');
export const json = column<unknown>('json');
export const jsonb = column<unknown>('jsonb');
/** Exact decimals, as text. */
export const numeric = column<string>('numeric');
export const text = column<string>('text');
export const textArray = column<string[]>('_text');
export const timestamptz = column<Date>('timestamptz');
export const uuid = column<string>('uuid');

/** A timestamptz in milliseconds since the epoch. */
export const ms = (expression: string): ResultColumn<number> => int8(toMs(expression));
/** A numeric cast to text, as JSON has to carry it. */
export const decimal = (expression: string): ResultColumn<string> => text(`${expression}::text`);

export const orNull = <V>(declared: ResultColumn<V>): ResultColumn<V | null> => ({
  expression: declared.expression,
  type: declared.type,
  isNullable: true,
});

/** A column that may be null, but not in the rows that the statement returns. */
export const neverNull = <V>(declared: ResultColumn<V>): ResultColumn<V> => ({ ...declared, isNullable: false });

/** The SELECT list: one column a line. */
export const toSelectList = (columns: ResultColumns): string =>
  Object.entries(columns)
    .map(([name, { expression }]) => `${expression} AS "${name}"`)
    .join(',\n    ');

export interface Statement<Row> {
  name: string;
  sql: string;
  columns: ResultColumns;
  isPrepared: boolean;
  readonly [VALUE]?: Row;
}

/** The type of a statement's rows. */
export type ResultOf<S> = S extends Statement<infer Row> ? Row : never;

interface Declaration<C extends ResultColumns> {
  /** Unique; also the name of the prepared statement. */
  name: string;
  /** None: the statement returns no columns. */
  columns: C;
  /** Gets the SELECT list of the columns. */
  sql: (list: string) => string;
  /** Keeps its plan on each connection, for statements that are sent often. */
  isPrepared?: boolean;
}

/** All declared statements by name, for the test that compares them with PostgreSQL. */
export const statements = new Map<string, Statement<unknown>>();

/** Declares a raw statement. Its row type follows from its columns. */
export function statement<const C extends ResultColumns>({
  name,
  columns,
  sql,
  isPrepared = false,
}: Declaration<C>): Statement<RowOf<C>> {
  if (statements.has(name)) throw new Error(`There are two statements called ${name}.`);
  const declared = { name, columns, sql: sql(toSelectList(columns)), isPrepared };
  statements.set(name, declared);
  return declared;
}

interface FamilyDeclaration<C extends ResultColumns, Form> extends Omit<Declaration<C>, 'sql' | 'isPrepared'> {
  sql: (list: string, form: Form) => string;
  /** What tells the prepared statements of the forms apart; none are prepared without. */
  preparedAs?: (form: Form) => string;
  /** Forms that together have every part that the text can have: these are compared with PostgreSQL. */
  examples: Form[];
}

/** Declares a raw statement whose text depends on `Form`, such as which filters a list has. All forms have the same columns. */
export function statementFamily<const C extends ResultColumns, Form>({
  name,
  columns,
  sql,
  preparedAs,
  examples,
}: FamilyDeclaration<C, Form>): (form: Form) => Statement<RowOf<C>> {
  const list = toSelectList(columns);
  const build = (form: Form) => ({
    name: preparedAs ? `${name}-${preparedAs(form)}` : name,
    columns,
    sql: sql(list, form),
    isPrepared: preparedAs !== undefined,
  });
  for (const [index, form] of examples.entries())
    statement({ name: `${name} (${index + 1})`, columns, sql: () => build(form).sql });
  return build;
}

/** Types that JSON carries as something else than the driver delivers. */
const CHANGED_BY_JSON = new Set(['bytea', 'date', 'numeric', 'timestamptz']);

/** The rows of a statement as one column of JSON; null if there are none. */
export function jsonRows<Row>({ name, columns, sql }: Statement<Row>): ResultColumn<Row[] | null> {
  const changed = Object.entries(columns).find(([, { type }]) => CHANGED_BY_JSON.has(type));
  if (changed) throw new Error(`${name} is read as JSON, which has no ${changed[1].type}: cast ${changed[0]}.`);
  return orNull(json<Row[]>(`(SELECT json_agg(r) FROM (${sql}) r)`));
}

type Values = Record<string, unknown>;

const toRaw = (db: Db, { name, sql, isPrepared }: Statement<unknown>, values: Values): Knex.Raw =>
  db.raw(sql, values as Record<string, Knex.RawBinding>).options(isPrepared ? getPreparedName(name) : {});

/** Runs a statement; `values` are its named bindings. */
export async function query<Row>(db: Db, declared: Statement<Row>, values: Values = {}): Promise<Row[]> {
  const { rows } = (await toRaw(db, declared, values)) as { rows: Row[] };
  return rows;
}

/** Runs a statement that returns exactly one row. */
export async function queryOne<Row>(db: Db, declared: Statement<Row>, values: Values = {}): Promise<Row> {
  const [row] = await query(db, declared, values);
  if (row === undefined) throw new Error(`${declared.name} returned no row.`);
  return row;
}

/** Runs the statements of a page and of the number of all rows side by side; both get all of the values. */
export async function queryPage<Row>(
  db: Db,
  { list, count }: { list: Statement<Row>; count: Statement<{ total: number }> },
  values: Values,
): Promise<{ rows: Row[]; total: number }> {
  const [rows, { total }] = await Promise.all([query(db, list, values), queryOne(db, count, values)]);
  return { rows, total };
}

/** Runs a statement that returns nothing; resolves to the number of rows that it wrote. */
export async function execute(db: Db, declared: Statement<object>, values: Values = {}): Promise<number> {
  const { rowCount } = (await toRaw(db, declared, values)) as { rowCount: number };
  return rowCount;
}

interface Compiled {
  text: string;
  /** The names of the bindings, in the order of their places. */
  names: string[];
}

const compiledStatements = new WeakMap<Statement<unknown>, Compiled>();

/** Replaces named bindings by places. Knex takes longer for that than PostgreSQL for many a statement, so it is done once. */
function compile(trx: Trx, declared: Statement<unknown>, values: Values): Compiled {
  const names = Object.fromEntries(Object.keys(values).map((name) => [name, name]));
  const { sql, bindings } = trx.raw(declared.sql, names).toSQL().toNative();
  const compiled = { text: sql, names: bindings as string[] };
  compiledStatements.set(declared, compiled);
  return compiled;
}

/** Sends a statement behind those sent before it, without waiting for them: see `send`. */
export function pipeline<Row>(trx: Trx, declared: Statement<Row>, values: Values = {}): Promise<Row[]> {
  const { text, names } = compiledStatements.get(declared) ?? compile(trx, declared, values);
  return send<Row>(trx, {
    ...(declared.isPrepared ? getPreparedName(declared.name) : {}),
    text,
    values: names.map((name) => values[name]),
  });
}
