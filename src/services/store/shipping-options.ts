import Big from 'big.js';
import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import { bumpListVersion } from '../../runtime/list-version';
import {
  deleteShippingOption as deleteRow,
  findShippingOption,
  insertShippingOption,
  listShippingOptions as listRows,
  listShippingOptionsTo,
  lockShippingOption,
  updateShippingOption as updateRow,
  type ShippingOptionRow,
  type ShippingOptionValues,
} from '../../models/store/shipping-options';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { assertAmount } from '../events/event-prices';
import { runOnce } from '../idempotency.service';

export type { ShippingOptionRow, ShippingOptionValues } from '../../models/store/shipping-options';

/** Amounts without a currency of their own keep the decimals that they were written with, at least two. */
function formatAmount(amount: string, currency: string | null): string {
  if (currency !== null) return formatMoney(amount, currency);
  const exact = new Big(amount);
  return exact.toFixed(exact.round(2).eq(exact) ? 2 : 3);
}

const present = ({ price, freeFrom, ...row }: ShippingOptionRow) => ({
  ...row,
  price: formatAmount(price, row.currency),
  freeFrom: freeFrom === null ? null : formatAmount(freeFrom, row.currency),
});

function assertFound(row: ShippingOptionRow | undefined): ShippingOptionRow {
  if (!row) throw new AppError('NOT_FOUND', 'Shipping option not found.');
  return row;
}

/** @throws AppError VALIDATION_ERROR if an amount has more decimals than the option's currency */
function assertAmounts({ price, freeFrom, currency }: Pick<ShippingOptionValues, 'price' | 'freeFrom' | 'currency'>) {
  if (currency === null) return;
  assertAmount('price', price, currency);
  if (freeFrom !== null) assertAmount('freeFrom', freeFrom, currency);
}

/** Read: returns the options that ship to a country. */
export async function getShippingOptionsTo(db: Db, country: string): Promise<ShippingOptionRow[]> {
  return listShippingOptionsTo(db, country);
}

export interface ListShippingOptions {
  country?: string;
  page: number;
  limit: number;
}

/** Lists options, the cheapest first. */
export async function listShippingOptions(query: ListShippingOptions) {
  const { rows, total } = await listRows(database, { ...query, offset: getOffset(query) });
  return toPage(rows.map(present), query, { total });
}

/** @throws AppError NOT_FOUND */
export async function getShippingOption(id: number) {
  return present(assertFound(await findShippingOption(database, id)));
}

const unique = (countries: string[]): string[] => [...new Set(countries)].sort();

/** @throws AppError VALIDATION_ERROR */
export async function createShippingOption(actor: Actor, input: ShippingOptionValues) {
  const values = { ...input, countries: unique(input.countries) };
  assertAmounts(values);
  const option = await runOnce(actor, async (trx) => {
    const row = present(await insertShippingOption(trx, values));
    await recordActivity(trx, actor, { action: 'shipping_option.create', subjectId: row.id, details: { ...values } });
    return row;
  });
  bumpListVersion();
  return option;
}

async function lockOption(trx: Trx, id: number): Promise<ShippingOptionRow> {
  return assertFound(await lockShippingOption(trx, id));
}

/** Changes an option; existing orders keep what they paid. @throws AppError NOT_FOUND, VALIDATION_ERROR */
export async function updateShippingOption(actor: Actor, id: number, input: Partial<ShippingOptionValues>) {
  const changes = { ...input, ...(input.countries ? { countries: unique(input.countries) } : {}) };
  const option = await runInTransaction(async (trx) => {
    const before = await lockOption(trx, id);
    assertAmounts({ ...before, ...changes });
    const after = await updateRow(trx, id, changes);
    const { createdAt: _created, updatedAt: _updated, ...values } = present(after);
    const details = getDifferences(present(before), values);
    await recordActivity(trx, actor, { action: 'shipping_option.update', subjectId: id, details });
    return present(after);
  });
  bumpListVersion();
  return option;
}

/** @throws AppError NOT_FOUND */
export async function deleteShippingOption(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const { name } = await lockOption(trx, id);
    await deleteRow(trx, id);
    await recordActivity(trx, actor, { action: 'shipping_option.delete', subjectId: id, details: { name } });
  });
  bumpListVersion();
}
