import Big from 'big.js';
import type { Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { isErasedAddress } from '../../lib/erased';
import { compareLots, sumLots, takeFromLots } from '../../lib/money/credit-lots';
import { fitsCurrency } from '../../lib/money/money';
import { listUsableLots, lockBalances } from '../../models/credits/balances';
import { insertEntry, insertLots, removeFromLots, type CreditEntryRow } from '../../models/credits/entries';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { postCredits } from '../payments/post-to-ledger';
import { getAccount } from '../users/accounts';
import { createInsufficientCreditsError } from './hold-credits';
import { presentEntry, type CreditEntry } from './list-credits';

export interface GrantCredits {
  userId: number;
  /** Negative takes back. */
  amount: string;
  currency: string;
  reason: string;
  expiresAt?: Date | null;
}

/** @throws AppError VALIDATION_ERROR */
function validateGrant({ amount, currency, expiresAt }: GrantCredits): void {
  if (Number(amount) === 0) throw createValidationError('amount', 'must not be 0');
  if (!fitsCurrency(amount, currency)) throw createValidationError('amount', `has more decimals than ${currency}`);
  if (!expiresAt) return;
  if (Number(amount) < 0) throw createValidationError('expiresAt', 'is not allowed with a negative amount');
  if (expiresAt.getTime() <= Date.now()) throw createValidationError('expiresAt', 'must be in the future');
}

/** Adds what is given, or takes away what is taken back: what a customer would spend first. */
async function changeBalance(trx: Trx, actor: Actor, grant: GrantCredits): Promise<CreditEntryRow> {
  const { userId, currency, amount, reason, expiresAt = null } = grant;
  const account = { userId, currency };
  const created = { ...account, amount, reason, createdBy: actor.userId };
  await lockBalances(trx, [account]);
  if (Number(amount) > 0) {
    const entry = await insertEntry(trx, { ...created, kind: 'grant', expiresAt });
    await insertLots(trx, entry, [{ isGranted: true, amount, expiresAt }]);
    return entry;
  }
  const lots = (await listUsableLots(trx, [account])).sort(compareLots);
  const taken = new Big(amount).abs();
  if (sumLots(lots).lt(taken)) throw createInsufficientCreditsError(sumLots(lots), currency);
  await removeFromLots(trx, takeFromLots(lots, taken));
  return insertEntry(trx, { ...created, kind: 'adjust' });
}

/** Gives credits to a user, or takes them back. @throws AppError NOT_FOUND, VALIDATION_ERROR, INSUFFICIENT_CREDITS */
export async function grantCredits(actor: Actor, grant: GrantCredits): Promise<CreditEntry> {
  validateGrant(grant);
  return runOnce(actor, async (trx) => {
    const { userId, currency, amount, reason } = grant;
    const { email } = await getAccount(trx, userId);
    if (isErasedAddress(email)) throw new AppError('NOT_FOUND');
    const entry = await changeBalance(trx, actor, grant);
    const kind = entry.kind === 'grant' ? ('credit_grant' as const) : ('credit_adjust' as const);
    await postCredits(trx, { kind, entryId: entry.id, orderId: null, currency, account: 'promotions', amount });
    if (entry.kind === 'grant')
      await addMessages(trx, [{ topic: 'credits.granted', payload: { creditEntryId: entry.id } }]);
    const presented = presentEntry(entry);
    const details = { amount: presented.amount, currency, reason, expiresAt: presented.expiresAt };
    await recordActivity(trx, actor, { action: 'user.grant_credits', subjectId: userId, details });
    return presented;
  });
}
