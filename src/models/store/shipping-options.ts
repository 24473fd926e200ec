import type { Db, Trx } from '../../database';
import type { Column } from '../../database/query';
import { toColumns } from '../columns';

/** A shipping option as an admin writes it. */
export interface ShippingOptionValues {
  name: string;
  countries: string[];
  price: string;
  currency: string | null;
  freeFrom: string | null;
  maxWeightGrams: number | null;
}

export interface ShippingOptionRow extends ShippingOptionValues {
  id: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = {
  name: 'name',
  countries: 'countries',
  price: 'price',
  currency: 'currency',
  freeFrom: 'free_from',
  maxWeightGrams: 'max_weight_grams',
} as const satisfies Record<keyof ShippingOptionValues, Column<'shipping_options'>>;

const SELECTED = { ...COLUMNS, id: 'id', createdAt: 'created_at', updatedAt: 'updated_at' } as const;

interface ShippingFilter {
  country?: string;
  limit: number;
  offset: number;
}

const select = (db: Db, country: string | undefined) =>
  country === undefined ? db('shipping_options') : db('shipping_options').whereRaw('? = ANY (countries)', [country]);

/** Returns a page, the cheapest first, with the total. */
export async function listShippingOptions(
  db: Db,
  { country, limit, offset }: ShippingFilter,
): Promise<{ rows: ShippingOptionRow[]; total: number }> {
  const [rows, [counted]] = await Promise.all([
    select(db, country).orderBy('price').orderBy('id').limit(limit).offset(offset).select(SELECTED),
    select(db, country).count('* as total'),
  ]);
  return { rows, total: counted!.total };
}

/** Lists all options that ship to a country. */
export async function listShippingOptionsTo(db: Db, country: string): Promise<ShippingOptionRow[]> {
  return select(db, country).orderBy('id').select(SELECTED);
}

export async function findShippingOption(db: Db, id: number): Promise<ShippingOptionRow | undefined> {
  return db('shipping_options').where({ id }).first(SELECTED);
}

export async function lockShippingOption(trx: Trx, id: number): Promise<ShippingOptionRow | undefined> {
  return trx('shipping_options').where({ id }).forNoKeyUpdate().first(SELECTED);
}

export async function insertShippingOption(trx: Trx, values: ShippingOptionValues): Promise<ShippingOptionRow> {
  const [row] = await trx('shipping_options').insert(toColumns(COLUMNS, values)).returning(SELECTED);
  return row!;
}

export async function updateShippingOption(
  trx: Trx,
  id: number,
  changes: Partial<ShippingOptionValues>,
): Promise<ShippingOptionRow> {
  const [row] = await trx('shipping_options')
    .where({ id })
    .update({ ...toColumns(COLUMNS, changes), updated_at: trx.fn.now() })
    .returning(SELECTED);
  return row!;
}

export async function deleteShippingOption(trx: Trx, id: number): Promise<void> {
  await trx('shipping_options').where({ id }).delete();
}
