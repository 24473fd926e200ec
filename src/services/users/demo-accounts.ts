import { database, runInTransaction } from '../../database';
import { matchesHash } from '../../integrations/passwords';
import { listDemoCandidates } from '../../models/users/demo-accounts';
import { updateUser } from '../../models/users/accounts';
import { recordRevocation } from '../access/revocations';
import { recordActivity } from '../audit/record-activity';
import { endSessions } from '../sessions/start-and-end-sessions';
import { passOnOffers } from '../waitlist/pass-on-offers';

/** The same as in database/seeds. */
export const DEMO_PASSWORD = 'demo-tickets';

async function suspend(userId: number): Promise<void> {
  const account = await runInTransaction(async (trx) => {
    await endSessions(trx, { userId });
    await passOnOffers(trx, userId);
    const details = { status: { from: 'active', to: 'suspended' }, reason: 'demo password in production' };
    await recordActivity(trx, 'terminal', { action: 'user.update', subjectId: userId, details });
    return updateUser(trx, userId, { status: 'suspended' });
  });
  if (account) recordRevocation(userId, { ...account, changedAt: account.accessChangedAt });
}

/** Suspends demo accounts that still have the demo password. Returns how many. */
export async function suspendDemoAccounts(): Promise<number> {
  let count = 0;
  for (const { id, passwordHash, hasSeedHash } of await listDemoCandidates(database)) {
    if (!hasSeedHash && !(await matchesHash(DEMO_PASSWORD, passwordHash))) continue;
    await suspend(id);
    count += 1;
  }
  return count;
}
