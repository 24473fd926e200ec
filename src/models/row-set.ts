import type { Column, TableName } from '../database/query';
import { toNumberArray, toTextArray } from '../lib/pg-array';
import { fromMs } from './sql';

/** How one column of many rows goes into a statement: as an array parameter. */
interface Field<T> {
  type: string;
  toArray: (rows: readonly T[]) => string;
  /** Turns the element into the column's value. */
  convert: (element: string) => string;
}

const asIs = (element: string): string => element;

const numbers =
  (type: string, convert = asIs) =>
  <T>(get: (row: T) => number | null): Field<T> => ({
    type,
    toArray: (rows) => toNumberArray(rows.map(get)),
    convert,
  });

const texts =
  (type: string, convert = asIs) =>
  <T>(get: (row: T) => string | null): Field<T> => ({
    type,
    toArray: (rows) => toTextArray(rows.map(get)),
    convert,
  });

export const asInt = numbers('int');
export const asSmallint = numbers('smallint');
export const asBigint = numbers('bigint');
export const asFloat = numbers('float8');
/** Milliseconds since the epoch, for a timestamptz. */
export const asTime = numbers('bigint', fromMs);
export const asText = texts('text');
export const asNumeric = texts('numeric');
export const asUuid = texts('uuid');
/** `{1,2}`, for an array of integers: arrays of arrays would have to be of one length. */
export const asIntArray = texts('text', (element) => `${element}::int[]`);

export const asBoolean = <T>(get: (row: T) => boolean): Field<T> => texts('boolean')((row) => String(get(row)));

const stringify = <T>(get: (row: T) => unknown) => {
  return (row: T): string | null => {
    const value = get(row) ?? null;
    return value === null ? null : JSON.stringify(value);
  };
};

export const asJson = <T>(get: (row: T) => unknown): Field<T> => texts('json')(stringify(get));
export const asJsonb = <T>(get: (row: T) => unknown): Field<T> => texts('jsonb')(stringify(get));

export interface RowSet<T> {
  /** The columns, for INSERT INTO. */
  columns: string;
  /** Their values, for SELECT. */
  values: string;
  /** The rows, for FROM. */
  rows: string;
  /** The same with their position as `place`. */
  numberedRows: string;
  /** The bindings of the rows. */
  bind(rows: readonly T[]): Record<string, string>;
}

const SEPARATOR = ',\n      ';

type Fields<T> = Record<string, Field<T>>;

function toRowSet<T>(alias: string, written: Fields<T>, others: Fields<T>): RowSet<T> {
  const columns = Object.entries(written);
  const all = [...columns, ...Object.entries(others)];
  const arrays = all.map(([name, { type }]) => `:${alias}_${name}::${type}[]`).join(SEPARATOR);
  const names = all.map(([name]) => name).join(', ');
  return {
    columns: columns.map(([name]) => name).join(SEPARATOR),
    values: columns.map(([name, { convert }]) => convert(`${alias}.${name}`)).join(SEPARATOR),
    rows: `unnest(\n      ${arrays}\n    ) AS ${alias}(${names})`,
    numberedRows: `unnest(\n      ${arrays}\n    ) WITH ORDINALITY AS ${alias}(${names}, place)`,
    bind: (rows) => Object.fromEntries(all.map(([name, { toArray }]) => [`${alias}_${name}`, toArray(rows)])),
  };
}

/**
 * Many rows of a table as array parameters of one statement, each column named once.
 * @param alias what the statement calls the rows; unique within the statement
 */
export const rowSet = <N extends TableName>(_table: N, alias: string) => ({
  /** `others` go with the rows without being columns of the table. */
  from: <T>(written: Partial<Record<Column<N>, Field<T>>>, others: Fields<T> = {}): RowSet<T> =>
    toRowSet(alias, written as Fields<T>, others),
});
