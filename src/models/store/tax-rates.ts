import { getBrokenConstraint, type Db, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { TaxRate } from '../../lib/money/taxes';

export interface TaxRateRow extends TaxRate {
  id: number;
  createdAt: Date;
  updatedAt: Date;
}

const SELECTED = {
  id: 'id',
  country: 'country',
  region: 'region',
  rate: 'rate',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const;

interface TaxRateFilter {
  country?: string;
  limit: number;
  offset: number;
}

/** Returns a page by country and region, with the total. */
export async function listTaxRates(
  db: Db,
  { country, limit, offset }: TaxRateFilter,
): Promise<{ rows: TaxRateRow[]; total: number }> {
  const matching = () => (country === undefined ? db('tax_rates') : db('tax_rates').where({ country }));
  const [rows, [counted]] = await Promise.all([
    matching().orderByRaw('country, region NULLS FIRST, id').limit(limit).offset(offset).select(SELECTED),
    matching().count('* as total'),
  ]);
  return { rows, total: counted!.total };
}

/** Lists the rates of a country and its regions. */
export async function listTaxRatesOf(db: Db, country: string): Promise<TaxRateRow[]> {
  return db('tax_rates').where({ country }).orderBy('id').select(SELECTED);
}

export async function findTaxRate(db: Db, id: number): Promise<TaxRateRow | undefined> {
  return db('tax_rates').where({ id }).first(SELECTED);
}

export async function lockTaxRate(trx: Trx, id: number): Promise<TaxRateRow | undefined> {
  return trx('tax_rates').where({ id }).forNoKeyUpdate().first(SELECTED);
}

const toRefusal = (error: unknown): unknown =>
  getBrokenConstraint(error) === 'tax_rates_place_key'
    ? new AppError('TAX_RATE_EXISTS', undefined, { cause: error })
    : error;

/** @throws AppError TAX_RATE_EXISTS */
export async function insertTaxRate(trx: Trx, values: TaxRate): Promise<TaxRateRow> {
  try {
    const [row] = await trx('tax_rates').insert(values).returning(SELECTED);
    return row!;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** @throws AppError TAX_RATE_EXISTS */
export async function updateTaxRate(trx: Trx, id: number, changes: Partial<TaxRate>): Promise<TaxRateRow> {
  try {
    const [row] = await trx('tax_rates')
      .where({ id })
      .update({ ...changes, updated_at: trx.fn.now() })
      .returning(SELECTED);
    return row!;
  } catch (error) {
    throw toRefusal(error);
  }
}

export async function deleteTaxRate(trx: Trx, id: number): Promise<void> {
  await trx('tax_rates').where({ id }).delete();
}
