import type { Knex } from 'knex';
import type { RowValue, Tables, WrittenValue } from './tables';

// Knex's own types take any object in `where`, and any string for a column. These name what a table has: the same builder, seen
// through types that a misspelled column does not pass. Joins and aliases are left to `db.from` and to declared statements.

export type TableName = keyof Tables;
export type Column<T extends TableName> = keyof Tables[T] & string;

/** A row as it is read. */
export type Row<T extends TableName> = { [C in keyof Tables[T]]: RowValue<Tables[T][C]> };

type Optional<T extends TableName> = {
  [C in keyof Tables[T]]: Tables[T][C] extends { isOptional: true } ? C : null extends Tables[T][C] ? C : never;
}[keyof Tables[T]];

type Written<T extends TableName, C extends keyof Tables[T]> = WrittenValue<Tables[T][C]> | Knex.Raw;

/** A row as it is inserted: what has a default or may be null can be left out. */
export type NewRow<T extends TableName> = {
  [C in Exclude<keyof Tables[T], Optional<T>>]: Written<T, C>;
} & { [C in Optional<T>]?: Written<T, C> };

/** What an update sets. */
export type Change<T extends TableName> = { [C in keyof Tables[T]]?: Written<T, C> };

declare const SHAPE: unique symbol;

/** A column of JSON, of which the program knows more than PostgreSQL: `'answer' as Shaped<'answer', Answer>`. */
export type Shaped<C extends string, V> = C & { readonly [SHAPE]: V };

/** Columns by the names that they get in the result. */
export type Selection<T extends TableName> = Readonly<Record<string, Column<T> | Knex.Raw>>;

export type Selected<T extends TableName, S> = {
  -readonly [K in keyof S]: S[K] extends { readonly [SHAPE]: infer V }
    ? V
    : S[K] extends Column<T>
      ? Row<T>[S[K]]
      : S[K] extends Knex.Raw<infer V>
        ? V
        : never;
};

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'like';
type Direction = 'asc' | 'desc';
type Compared<T extends TableName, C extends keyof Tables[T]> = Row<T>[C] | WrittenValue<Tables[T][C]> | Knex.Raw;

/** A query on one table that resolves to `R`. */
export interface Query<T extends TableName, R> extends Pick<Promise<R>, keyof Promise<R>> {
  where(matching: { [C in Column<T>]?: Compared<T, C> }): this;
  where<C extends Column<T>>(column: C, value: Compared<T, C>): this;
  where<C extends Column<T>>(column: C, operator: Operator, value: Compared<T, C>): this;
  whereNot(matching: { [C in Column<T>]?: Compared<T, C> }): this;
  whereExists(query: Knex.QueryBuilder): this;
  whereNotExists(query: Knex.QueryBuilder): this;
  whereIn<C extends Column<T>>(column: C, values: readonly Compared<T, C>[] | Query<TableName, unknown>): this;
  whereNull(column: Column<T>): this;
  whereNotNull(column: Column<T>): this;
  whereRaw(sql: string, bindings?: readonly Knex.RawBinding[] | Record<string, Knex.RawBinding>): this;

  select<C extends Column<T>>(...columns: C[]): Query<T, Pick<Row<T>, C>[]>;
  select<const S extends Selection<T>>(columns: S): Query<T, Selected<T, S>[]>;
  select<V>(columns: Knex.Raw<V>): Query<T, V[]>;
  first<C extends Column<T>>(...columns: C[]): Query<T, Pick<Row<T>, C> | undefined>;
  first<const S extends Selection<T>>(columns: S): Query<T, Selected<T, S> | undefined>;
  first<V>(columns: Knex.Raw<V>): Query<T, V | undefined>;
  pluck<C extends Column<T>>(column: C): Query<T, Row<T>[C][]>;
  count<N extends string>(counted: `* as ${N}`): Query<T, Record<N, number>[]>;

  orderBy(column: Column<T>, direction?: Direction): this;
  orderByRaw(sql: string): this;
  limit(count: number): this;
  offset(count: number): this;
  forUpdate(): this;
  forNoKeyUpdate(): this;
  skipLocked(): this;
  clone(): this;
  as(name: string): Knex.QueryBuilder;

  insert(rows: NewRow<T> | readonly NewRow<T>[]): Query<T, unknown>;
  update(change: Change<T>): Query<T, number>;
  delete(): Query<T, number>;
  onConflict(columns?: Column<T> | readonly Column<T>[] | Knex.Raw): {
    ignore(): Query<T, unknown>;
    merge(columns?: readonly Column<T>[] | Change<T>): Query<T, unknown>;
  };
  returning<C extends Column<T>>(columns: C | readonly C[]): Query<T, Pick<Row<T>, C>[]>;
  returning<const S extends Selection<T>>(columns: S): Query<T, Selected<T, S>[]>;
  returning<V>(columns: Knex.Raw<V>): Query<T, V[]>;
}

/** Begins a query on a table. */
export interface QueryTables {
  <T extends TableName>(table: T): Query<T, Row<T>[]>;
}
