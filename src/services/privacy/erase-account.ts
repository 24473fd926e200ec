import { database, runInTransaction, type Db } from '../../database';
import { AppError } from '../../errors';
import type { Actor, Caller, OnBehalf } from '../../lib/actor';
import {
  deleteLeftovers,
  eraseUser,
  listBlockers,
  listErased,
  listUnlinkedPersonalData,
  type Blocker,
} from '../../models/privacy.model';
import { recordActivity } from '../audit/record-activity';
import { assertPassword } from '../auth/change-password';
import { forgetFailures, forgetNetworks } from '../auth/throttle';
import { cancelBookingsOfUser } from '../bookings/cancel-booking';
import { deleteEvent } from '../events/cancel-event';
import { deleteFilesOfUser } from '../files/manage-files';
import { endSessions } from '../sessions/start-and-end-sessions';
import { lockAccountById, lockAdminRoles } from '../users/accounts';
import { leaveWaitlist } from '../waitlist/join-and-leave';

const MAX_NAMED = 20;

const WHY: Record<Blocker['path'], (id: number) => string> = {
  bookings: (id) => `booking ${id} is still to come: cancel it first`,
  orders: (id) => `order ${id} is not settled yet`,
  refunds: (id) => `refund ${id} is still on its way to you`,
  events: (id) => `event ${id} is still running: cancel it, or wait until it is over and paid`,
  role: () => 'you are the last admin: make another one first',
};

async function assertErasable(db: Db, userId: number): Promise<void> {
  const blockers = await listBlockers(db, userId);
  if (blockers.length === 0) return;
  const details = blockers.slice(0, MAX_NAMED).map(({ path, id }) => ({ path, id, message: WHY[path](id) }));
  throw new AppError('ACCOUNT_IN_USE', undefined, { details });
}

async function ignoreNotFound(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'NOT_FOUND')) throw error;
  });
}

async function releaseHoldings(user: OnBehalf, eventIds: number[]): Promise<void> {
  for (const eventId of eventIds) await ignoreNotFound(leaveWaitlist(user, eventId));
}

/**
 * Makes the account nobody's: what it has bought and sold stays in the books, nothing else says who it was.
 * @throws AppError VALIDATION_ERROR where the password is wrong, RATE_LIMITED, ACCOUNT_IN_USE
 */
export async function eraseAccount(actor: Actor, caller: Caller, password: string): Promise<void> {
  const { userId } = actor;
  await assertPassword(actor, caller, { field: 'password', password });
  await assertErasable(database, userId);
  const { waiting, drafts } = await listUnlinkedPersonalData(database, userId);
  await releaseHoldings(actor, waiting);
  for (const eventId of drafts) await ignoreNotFound(deleteEvent(actor, eventId));
  await runInTransaction(async (trx) => {
    // Else the last two admins could both see the other one stay.
    await lockAdminRoles(trx);
    const account = await lockAccountById(trx, userId);
    await assertErasable(trx, userId);
    const email = account.email.toLowerCase();
    await endSessions(trx, { userId });
    await forgetFailures(trx, email);
    await forgetNetworks(trx, email);
    await deleteFilesOfUser(trx, actor);
    await eraseUser(trx, { userId, email, verifiedEmail: account.emailVerified ? email : null });
    await recordActivity(trx, actor, { action: 'user.erase', subjectId: userId });
  });
}

const RETRY_HOURS = 24;

/** Takes away what requests and messages that were under way left behind an erasure. Returns of how many accounts. */
export async function finishErasures(): Promise<number> {
  const userIds = await listErased(database, RETRY_HOURS);
  if (userIds.length === 0) return 0;
  await deleteLeftovers(database, userIds);
  for (const userId of userIds) {
    await releaseHoldings({ userId }, (await listUnlinkedPersonalData(database, userId)).waiting);
    await cancelBookingsOfUser(userId);
  }
  return userIds.length;
}
