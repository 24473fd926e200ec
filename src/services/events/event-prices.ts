import Big from 'big.js';
import type { Trx } from '../../database';
import { createValidationError } from '../../errors';
import { getDecimals, fitsCurrency } from '../../lib/money/money';
import { updatePriceRange } from '../../models/events/events';

/** @throws AppError VALIDATION_ERROR if an amount has more decimals than its currency */
export function assertAmount(path: string, amount: string, currency: string): void {
  if (fitsCurrency(amount, currency)) return;
  const decimals = getDecimals(currency);
  throw createValidationError(
    path,
    decimals === 0
      ? `an amount in ${currency} has no decimals`
      : `an amount in ${currency} has at most ${decimals} decimals`,
  );
}

export function isSameAmount(first: string, second: string): boolean {
  return new Big(first).eq(second);
}

/** Step: updates the event's price range from its ticket types. @throws AppError VALIDATION_ERROR if `expectedFree` contradicts it */
export async function syncPrices(trx: Trx, eventId: number, expectedFree?: boolean): Promise<void> {
  const isFree = await updatePriceRange(trx, eventId);
  if (expectedFree !== undefined && expectedFree !== isFree)
    throw createValidationError('isFree', `is determined by the prices and is ${isFree}`);
}
