import { database } from '../../database';
import { config } from '../../config';
import { AppError } from '../../errors';
import { createCommandBatcher } from '../../lib/command-batcher';
import type { TaxRate } from '../../lib/money/taxes';
import { listCheckoutCarts, type CheckoutCartRow } from '../../models/orders/checkout-carts';
import { getShippingOptionsTo, type ShippingOptionRow } from '../store/shipping-options';
import { getTaxRatesOf } from '../store/tax-rates';

const MAX_BATCH = 256;
const MAX_WAIT_MS = 5000;

interface Wanted {
  userId: number;
  /** Where taxes are due, if known. */
  taxCountry: string | undefined;
  /** Where the goods are sent to, if known. */
  shippingCountry: string | undefined;
}

export interface CheckoutTerms {
  row: CheckoutCartRow;
  taxRates: TaxRate[];
  shippingOptions: ShippingOptionRow[];
}

/** Returns what `read` returns for each different country. */
async function readByCountry<T>(
  countries: (string | undefined)[],
  read: (country: string) => Promise<T[]>,
): Promise<(country: string | undefined) => T[]> {
  const different = [...new Set(countries)].filter((country) => country !== undefined);
  const found = new Map(await Promise.all(different.map(async (country) => [country, await read(country)] as const)));
  return (country) => (country === undefined ? [] : (found.get(country) ?? []));
}

async function readAll(wanted: Wanted[]): Promise<(CheckoutTerms | undefined)[]> {
  const [rows, getRates, getOptions] = await Promise.all([
    listCheckoutCarts(database, [...new Set(wanted.map(({ userId }) => userId))]),
    readByCountry(
      wanted.map(({ taxCountry }) => taxCountry),
      (country) => getTaxRatesOf(database, country),
    ),
    readByCountry(
      wanted.map(({ shippingCountry }) => shippingCountry),
      (country) => getShippingOptionsTo(database, country),
    ),
  ]);
  const rowsByUser = new Map(rows.map((row) => [row.userId, row]));
  return wanted.map(({ userId, taxCountry, shippingCountry }) => {
    const row = rowsByUser.get(userId);
    return row && { row, taxRates: getRates(taxCountry), shippingOptions: getOptions(shippingCountry) };
  });
}

// In a rush, one statement reads the carts of all who have come while the last one ran.
const reads = createCommandBatcher<Wanted, CheckoutTerms | undefined>({
  maxBatch: MAX_BATCH,
  maxQueue: config.inventoryQueueSize,
  maxWaitMs: MAX_WAIT_MS,
  run: readAll,
});

/** Returns the cart of a user as it is now, and what else its price depends on. @throws AppError NOT_FOUND, UNAVAILABLE */
export async function readCheckoutCart(wanted: Wanted): Promise<CheckoutTerms> {
  const terms = await reads.submit(wanted);
  if (!terms) throw new AppError('NOT_FOUND', 'Account not found.');
  return terms;
}
