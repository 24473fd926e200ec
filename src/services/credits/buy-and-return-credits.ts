import Big from 'big.js';
import type { Db, Trx } from '../../database';
import { compareLots, sumLots, takeFromLots } from '../../lib/money/credit-lots';
import { listUsableLots, lockBalances, type CreditAccount } from '../../models/credits/balances';
import {
  findPurchase,
  insertEntry,
  insertLots,
  insertPurchase,
  removeFromLots,
  sumAdjusted,
} from '../../models/credits/entries';
import { findWorth } from '../../models/credits/bought-credits';
import { postCredits } from '../payments/post-to-ledger';
import { createInsufficientCreditsError } from './hold-credits';

export interface BoughtCredits extends CreditAccount {
  /** What all credit lines of the order are worth together. */
  amount: string;
  orderId: number;
}

/** Step: adds the credits that an order has paid for, once per order. They never expire. */
export async function grantPurchasedCredits(trx: Trx, { amount, orderId, ...account }: BoughtCredits): Promise<void> {
  await lockBalances(trx, [account]);
  const entry = await insertPurchase(trx, { ...account, amount, orderId });
  if (!entry) return;
  await insertLots(trx, entry, [{ isGranted: false, amount, expiresAt: null }]);
  const { currency } = account;
  await postCredits(trx, {
    kind: 'credit_purchase',
    entryId: entry.id,
    orderId,
    currency,
    account: 'sales',
    amount,
  });
}

/** Step: gives back what was taken because of a dispute that was won. Safe to call again. */
export async function restorePurchasedCredits(trx: Trx, orderId: number): Promise<void> {
  const purchase = await findPurchase(trx, orderId);
  if (!purchase) return;
  const { userId, currency } = purchase;
  await lockBalances(trx, [{ userId, currency }]);
  const amount = new Big(await sumAdjusted(trx, orderId)).times(-1).toFixed();
  if (Number(amount) <= 0) return;
  const entry = await insertEntry(trx, { userId, currency, kind: 'adjust', amount, orderId });
  await insertLots(trx, entry, [{ isGranted: false, amount, expiresAt: null }]);
  const posting = { kind: 'credit_adjust' as const, entryId: entry.id, orderId, currency };
  await postCredits(trx, { ...posting, account: 'sales', amount });
}

/** Returns what an item of an order added in credits. */
export async function getWorthOfCredits(db: Db, item: { orderId: number; position: number }): Promise<Big> {
  return new Big(await findWorth(db, item));
}

export interface ReturnedCredits {
  orderId: number;
  /** Defaults to all that was bought and not taken back. */
  amount?: string;
  /** True: takes what is left, as after a chargeback. False: all or nothing. */
  isPartial?: boolean;
}

/**
 * Step: takes back credits whose purchase is refunded or charged back, bought ones first. Returns how much that was.
 * @throws AppError INSUFFICIENT_CREDITS if they were spent
 */
export async function takeBackPurchasedCredits(
  trx: Trx,
  { orderId, amount: wanted, isPartial = false }: ReturnedCredits,
): Promise<string> {
  const purchase = await findPurchase(trx, orderId);
  if (!purchase) return '0';
  const { userId, currency } = purchase;
  const account = { userId, currency };
  await lockBalances(trx, [account]);
  const left = new Big(purchase.amount).plus(await sumAdjusted(trx, orderId));
  const amount = wanted === undefined || left.lt(wanted) ? left : new Big(wanted);
  const lots = (await listUsableLots(trx, [account])).sort(compareLots).reverse();
  const available = sumLots(lots);
  if (available.lt(amount) && !isPartial) throw createInsufficientCreditsError(available, currency);
  const taken = available.lt(amount) ? available : amount;
  if (taken.eq(0)) return '0';
  const negative = taken.times(-1).toFixed();
  await removeFromLots(trx, takeFromLots(lots, taken));
  const entry = await insertEntry(trx, { ...account, kind: 'adjust', amount: negative, orderId });
  await postCredits(trx, {
    kind: 'credit_adjust',
    entryId: entry.id,
    orderId,
    currency,
    account: 'sales',
    amount: negative,
  });
  return taken.toFixed();
}
