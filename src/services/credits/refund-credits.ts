import Big from 'big.js';
import type { Db, Trx } from '../../database';
import { compareLots, sumLots, takeFromLots, type CreditLot, type LotPart } from '../../lib/money/credit-lots';
import { insertEntry, insertLots, type NewLot } from '../../models/credits/entries';
import { lockBalances, type CreditAccount } from '../../models/credits/balances';
import { findHold, listHoldParts, updateRefundedParts } from '../../models/credits/holds';

const DAY_MS = 86_400_000;
/** Credits that come back can be spent for at least this long. */
const MIN_DAYS = 30;

export interface RefundToCredits extends CreditAccount {
  amount: string;
  orderId: number;
  /**
   * True: the amount was paid with credits. What was given comes back as given, after what was bought. False: it was paid with
   * money, and comes back as credits that never expire.
   */
  wasPaidWithCredits: boolean;
  reason?: string | null;
}

function toLots(parts: LotPart[], sources: CreditLot[]): NewLot[] {
  const earliest = Date.now() + MIN_DAYS * DAY_MS;
  const bySource = new Map(sources.map((source) => [source.id, source]));
  return parts.map(({ lotId, amount }) => {
    const { isGranted, expiresAt } = bySource.get(lotId)!;
    return { isGranted, amount, expiresAt: expiresAt === null ? null : new Date(Math.max(expiresAt, earliest)) };
  });
}

/** Returns the lots that a refund adds, and marks what they come from as refunded. */
async function reviveLots(trx: Trx, { orderId, amount }: RefundToCredits): Promise<NewLot[]> {
  const hold = await findHold(trx, orderId);
  const sources = hold?.status === 'captured' ? await listHoldParts(trx, hold.id) : [];
  if (sumLots(sources).lt(amount)) throw new Error(`Order ${orderId} was not paid with that many credits.`);
  const parts = takeFromLots(sources.sort(compareLots).reverse(), amount);
  await updateRefundedParts(trx, hold!.id, parts);
  return toLots(parts, sources);
}

/** Returns how much of what credits have paid for an order can still be refunded. */
export async function getRefundableCredits(db: Db, orderId: number): Promise<Big> {
  const hold = await findHold(db, orderId);
  return hold?.status === 'captured' ? sumLots(await listHoldParts(db, hold.id)) : new Big(0);
}

/**
 * Step: adds a refund to a balance. It posts nothing to the ledger: what is refunded is posted with the refund, to
 * `provider:credits`. @throws Error if the order was not paid with that many credits
 */
export async function refundToCredits(trx: Trx, refund: RefundToCredits): Promise<void> {
  const { userId, currency, amount, orderId, reason } = refund;
  await lockBalances(trx, [{ userId, currency }]);
  const lots = refund.wasPaidWithCredits
    ? await reviveLots(trx, refund)
    : [{ isGranted: false, amount: new Big(amount).toFixed(), expiresAt: null }];
  const entry = await insertEntry(trx, { userId, currency, kind: 'refund', amount, orderId, reason });
  await insertLots(trx, entry, lots);
}
