import Big from 'big.js';
import type { Trx } from '../../database';
import { AppError } from '../../errors';
import { compareLots, sumLots, takeFromLots } from '../../lib/money/credit-lots';
import { formatMoney } from '../../lib/money/money';
import { listUsableLots, lockBalances, type CreditAccount } from '../../models/credits/balances';
import { insertEntry } from '../../models/credits/entries';
import {
  findHold,
  insertHold,
  listHoldAccounts,
  updateHoldCaptured,
  updateHoldReleased,
  type CreditHoldRow,
} from '../../models/credits/holds';

export type { CreditAccount };

/** Says how much there is. */
export function createInsufficientCreditsError(balance: Big, currency: string): AppError {
  const available = formatMoney(balance.toFixed(), currency);
  return new AppError('INSUFFICIENT_CREDITS', undefined, {
    details: [{ path: 'credits', message: `${available} ${currency} is available`, available, currency }],
  });
}

/**
 * Step: locks these balances, in the order of user and currency, and returns what can be spent of each.
 */
export async function lockCredits(
  trx: Trx,
  accounts: readonly CreditAccount[],
): Promise<(CreditAccount & { available: string })[]> {
  await lockBalances(trx, accounts);
  const lots = await listUsableLots(trx, accounts);
  return accounts.map(({ userId, currency }) => {
    const own = lots.filter((lot) => lot.userId === userId && lot.currency === currency);
    return { userId, currency, available: sumLots(own).toFixed() };
  });
}

export interface HoldCredits extends CreditAccount {
  /** More than 0, in the currency of the order. */
  amount: string;
  /** An order that holds no credits. */
  orderId: number;
}

/** Step: sets credits aside for an order, until they are captured or released. @throws AppError INSUFFICIENT_CREDITS with what there is */
export async function holdCredits(trx: Trx, { userId, currency, amount, orderId }: HoldCredits): Promise<void> {
  const account = { userId, currency };
  await lockBalances(trx, [account]);
  // A separate statement, because it must see what was committed before the lock was acquired.
  const lots = (await listUsableLots(trx, [account])).sort(compareLots);
  const available = sumLots(lots);
  if (available.lt(amount)) throw createInsufficientCreditsError(available, currency);
  await insertHold(trx, { ...account, amount, orderId, parts: takeFromLots(lots, amount) });
  await insertEntry(trx, { ...account, kind: 'spend', amount: new Big(amount).times(-1).toFixed(), orderId });
}

/** Locks the balance of an order's hold, then reads the hold again. */
async function lockHold(trx: Trx, orderId: number): Promise<CreditHoldRow | undefined> {
  await lockBalances(trx, await listHoldAccounts(trx, [orderId]));
  return findHold(trx, orderId);
}

/**
 * Step: spends what an order holds, when it is paid. Returns how much that is, or was if it is done already; undefined if the order
 * holds nothing. The capture itself is posted to the ledger with the payment, whose provider is `credits`.
 */
export async function captureCredits(trx: Trx, orderId: number): Promise<string | undefined> {
  const hold = await lockHold(trx, orderId);
  if (hold?.status === 'held') await updateHoldCaptured(trx, hold.id);
  return hold?.amount;
}

/** Step: gives back what an order holds, when it is cancelled or expires. Returns how much; undefined if it holds nothing. */
export async function releaseCredits(trx: Trx, orderId: number): Promise<string | undefined> {
  const hold = await lockHold(trx, orderId);
  if (hold?.status !== 'held') return undefined;
  const { userId, currency, amount } = hold;
  await updateHoldReleased(trx, hold.id);
  await insertEntry(trx, { userId, currency, kind: 'release', amount, orderId });
  return amount;
}
