import { database, runInTransaction } from '../database';
import type { Actor } from '../lib/actor';
import { findBillingProfile, saveBillingProfile, type BillingProfile } from '../models/billing.model';

import { getDifferences, recordActivity } from './audit/record-activity';
import { lockAccountById } from './users/accounts';

export type { BillingProfile } from '../models/billing.model';

const EMPTY: BillingProfile = { name: null, address: null, vatId: null, email: null };

/** What stands on the caller's invoices as the seller. */
export async function getBilling(actor: Actor): Promise<BillingProfile> {
  return (await findBillingProfile(database, actor.userId)) ?? EMPTY;
}

/** Changes what will stand on invoices from now on; those that were issued stay as they are. */
export async function updateBilling(actor: Actor, changes: Partial<BillingProfile>): Promise<BillingProfile> {
  return runInTransaction(async (trx) => {
    // Two changes at once would each be based on the state before the other.
    await lockAccountById(trx, actor.userId);
    const before = (await findBillingProfile(trx, actor.userId)) ?? EMPTY;
    // Empty is none.
    const given = Object.entries(changes).map(([field, value]) => [field, value || null]);
    const after: BillingProfile = { ...before, ...(Object.fromEntries(given) as Partial<BillingProfile>) };
    const details = getDifferences(before, after);
    if (Object.keys(details).length === 0) return before;
    await saveBillingProfile(trx, actor.userId, after);
    await recordActivity(trx, actor, { action: 'billing.update', subjectId: actor.userId, details });
    return after;
  });
}
