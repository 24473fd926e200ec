import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { TaxRate } from '../../lib/money/taxes';
import { getOffset, toPage } from '../../lib/paging';
import {
  deleteTaxRate as deleteRow,
  findTaxRate,
  insertTaxRate,
  listTaxRates as listRows,
  listTaxRatesOf,
  lockTaxRate,
  updateTaxRate as updateRow,
  type TaxRateRow,
} from '../../models/store/tax-rates';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';

/** A tax rate as an admin writes it. */
export interface TaxRateInput {
  country: string;
  /** Null or empty: the regions of the country without a rate of their own. */
  region: string | null;
  /** In percent. */
  rate: number;
}

const present = (row: TaxRateRow) => ({ ...row, rate: Number(row.rate) });

const toValues = ({ region, rate, ...values }: Partial<TaxRateInput>): Partial<TaxRate> => ({
  ...values,
  ...(region === undefined ? {} : { region: region || null }),
  ...(rate === undefined ? {} : { rate: String(rate) }),
});

function assertFound(row: TaxRateRow | undefined): TaxRateRow {
  if (!row) throw new AppError('NOT_FOUND', 'Tax rate not found.');
  return row;
}

/** Read: returns the rates that may apply in a country. */
export async function getTaxRatesOf(db: Db, country: string): Promise<TaxRate[]> {
  return listTaxRatesOf(db, country);
}

export interface ListTaxRates {
  country?: string;
  page: number;
  limit: number;
}

export async function listTaxRates(query: ListTaxRates) {
  const { rows, total } = await listRows(database, { ...query, offset: getOffset(query) });
  return toPage(rows.map(present), query, { total });
}

/** @throws AppError NOT_FOUND */
export async function getTaxRate(id: number) {
  return present(assertFound(await findTaxRate(database, id)));
}

/** Creates the rate of a country or region. @throws AppError TAX_RATE_EXISTS */
export async function createTaxRate(actor: Actor, input: TaxRateInput) {
  return runOnce(actor, async (trx) => {
    const taxRate = present(await insertTaxRate(trx, toValues(input) as TaxRate));
    await recordActivity(trx, actor, { action: 'tax_rate.create', subjectId: taxRate.id, details: { ...input } });
    return taxRate;
  });
}

async function lockTaxRateById(trx: Trx, id: number): Promise<TaxRateRow> {
  return assertFound(await lockTaxRate(trx, id));
}

/** Changes a rate; existing orders keep theirs. @throws AppError NOT_FOUND, TAX_RATE_EXISTS */
export async function updateTaxRate(actor: Actor, id: number, changes: Partial<TaxRateInput>) {
  return runInTransaction(async (trx) => {
    const before = present(await lockTaxRateById(trx, id));
    const after = present(await updateRow(trx, id, toValues(changes)));
    const { country, region, rate } = after;
    const details = getDifferences(before, { country, region, rate });
    await recordActivity(trx, actor, { action: 'tax_rate.update', subjectId: id, details });
    return after;
  });
}

/** @throws AppError NOT_FOUND */
export async function deleteTaxRate(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const { country, region, rate } = await lockTaxRateById(trx, id);
    await deleteRow(trx, id);
    await recordActivity(trx, actor, {
      action: 'tax_rate.delete',
      subjectId: id,
      details: { country, region, rate: Number(rate) },
    });
  });
}
