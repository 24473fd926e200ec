import { database, runInTransaction, type Db } from '../../database';
import { AppError } from '../../errors';
import type { Actor, Caller, OnBehalf } from '../../lib/actor';
import { eraseUser, listBlockers, listUnlinkedPersonalData, type Blocker } from '../../models/privacy.model';
import { deleteLeftovers, listErased } from '../../models/privacy/leftovers';
import { recordActivity } from '../audit/record-activity';
import { assertPassword } from '../auth/change-password';
import { forgetFailures, forgetNetworks } from '../auth/throttle';
import { cancelBookingsOfUser } from '../bookings/cancel-booking';
import { deleteEvent } from '../events/cancel-event';
import { deleteFilesOfUser } from '../files/manage-files';
import { archiveProductsOfUser } from '../products/delete-product';
import { endSessions } from '../sessions/start-and-end-sessions';
import { lockAccountById, lockAdminRoles } from '../users/accounts';
import { leaveWaitlist } from '../waitlist/join-and-leave';

const MAX_BLOCKERS = 20;

const BLOCKER_MESSAGES: Record<Blocker['path'], (id: number) => string> = {
  bookings: (id) => `booking ${id} is upcoming: cancel it first`,
  orders: (id) => `order ${id} has pending payments`,
  refunds: (id) => `refund ${id} is pending`,
  events: (id) => `event ${id} is not completed: cancel it, or wait until it is over and paid`,
  products: (id) => `product ${id} is in unpaid orders`,
  role: () => 'you are the last admin: create another admin first',
};

async function assertErasable(db: Db, userId: number): Promise<void> {
  const blockers = await listBlockers(db, userId);
  if (blockers.length === 0) return;
  const details = blockers
    .slice(0, MAX_BLOCKERS)
    .map(({ path, id }) => ({ path, id, message: BLOCKER_MESSAGES[path](id) }));
  throw new AppError('ACCOUNT_IN_USE', undefined, { details });
}

async function ignoreNotFound(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'NOT_FOUND')) throw error;
  });
}

async function leaveWaitlists(user: OnBehalf, eventIds: number[]): Promise<void> {
  for (const eventId of eventIds) await ignoreNotFound(leaveWaitlist(user, eventId));
}

/**
 * Erases an account. Its orders and sales stay for accounting; all other personal data is removed.
 * @throws AppError VALIDATION_ERROR if the password is incorrect, RATE_LIMITED, ACCOUNT_IN_USE
 */
export async function eraseAccount(actor: Actor, caller: Caller, password: string): Promise<void> {
  const { userId } = actor;
  await assertPassword(actor, caller, { field: 'password', password });
  await assertErasable(database, userId);
  const { waiting, drafts } = await listUnlinkedPersonalData(database, userId);
  await leaveWaitlists(actor, waiting);
  for (const eventId of drafts) await ignoreNotFound(deleteEvent(actor, eventId));
  await runInTransaction(async (trx) => {
    // Without this lock, the last two admins could erase themselves at the same time.
    await lockAdminRoles(trx);
    const account = await lockAccountById(trx, userId);
    await assertErasable(trx, userId);
    const email = account.email.toLowerCase();
    await endSessions(trx, { userId });
    await forgetFailures(trx, email);
    await forgetNetworks(trx, email);
    // Before their files, which cannot be deleted while products need them.
    await archiveProductsOfUser(trx, userId);
    await deleteFilesOfUser(trx, actor);
    await eraseUser(trx, { userId, email, verifiedEmail: account.emailVerified ? email : null });
    await recordActivity(trx, actor, { action: 'user.erase', subjectId: userId });
  });
}

const RETRY_HOURS = 24;

/** Removes data that requests and messages in progress wrote after an erasure. Returns how many accounts it covered. */
export async function finishErasures(): Promise<number> {
  const userIds = await listErased(database, RETRY_HOURS);
  if (userIds.length === 0) return 0;
  await deleteLeftovers(database, userIds);
  for (const userId of userIds) {
    await leaveWaitlists({ userId }, (await listUnlinkedPersonalData(database, userId)).waiting);
    await cancelBookingsOfUser(userId);
  }
  return userIds.length;
}
