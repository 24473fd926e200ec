import { database, runInTransaction } from '../database';
import type { Actor } from '../lib/actor';
import { findBillingProfile, saveBillingProfile, type BillingProfile } from '../models/billing.model';

import { getDifferences, recordActivity } from './audit/record-activity';
import { lockAccountById } from './users/accounts';

export type { BillingProfile } from '../models/billing.model';

const EMPTY: BillingProfile = { name: null, address: null, vatId: null, email: null };

/** Returns the seller's details for the caller's invoices. */
export async function getBilling(actor: Actor): Promise<BillingProfile> {
  return (await findBillingProfile(database, actor.userId)) ?? EMPTY;
}

/** Changes the seller's details for future invoices; issued invoices stay as they are. */
export async function updateBilling(actor: Actor, changes: Partial<BillingProfile>): Promise<BillingProfile> {
  return runInTransaction(async (trx) => {
    // Locked, because concurrent changes would overwrite each other.
    await lockAccountById(trx, actor.userId);
    const before = (await findBillingProfile(trx, actor.userId)) ?? EMPTY;
    // An empty string clears the field.
    const entries = Object.entries(changes).map(([field, value]) => [field, value || null]);
    const after: BillingProfile = { ...before, ...(Object.fromEntries(entries) as Partial<BillingProfile>) };
    const details = getDifferences(before, after);
    if (Object.keys(details).length === 0) return before;
    await saveBillingProfile(trx, actor.userId, after);
    await recordActivity(trx, actor, { action: 'billing.update', subjectId: actor.userId, details });
    return after;
  });
}
