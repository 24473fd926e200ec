import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { database, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor, OnBehalf } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import type { WaitlistEntryState, Idempotency } from '../../models/inventory/types';
import {
  findLatestWaitlistEntry,
  hasHistory,
  leaveWaitlistOfType,
  listActiveWaitlistUsers,
  listDueOffers,
  listWaitlistRows,
  shortenFutureOffers,
} from '../../models/waitlist/waitlist-entries';
import type { Command } from '../inventory/rules/commands';
import { executeDue } from '../inventory/execute-due';
import { presentJoinResult } from '../inventory/present-result';
import { execute, executeAll, type CommandResult } from '../inventory/execute';
import { addMessages, type Message } from '../outbox/add-messages';
import { isVerifiedUser } from '../users/verified-users';
import { presentWaitlistEntry } from './present-waitlist-entry';

export type WaitlistEntry = ReturnType<typeof presentWaitlistEntry>;

export interface JoinWaitlist {
  eventId: number;
  ticketTypeId?: number | null;
  ticketsCount: number;
  acceptFewer: boolean;
}

/** @throws AppError EMAIL_NOT_VERIFIED, EVENT_NOT_BOOKABLE, DUPLICATE_BOOKING, ALREADY_ON_WAITLIST, TICKETS_AVAILABLE */
export async function joinWaitlist(
  actor: Actor,
  { eventId, ticketTypeId = null, ticketsCount, acceptFewer }: JoinWaitlist,
  idempotency: Idempotency | undefined,
): Promise<CommandResult<WaitlistEntry>> {
  if (ticketsCount > config.maxTicketsPerUser)
    throw createValidationError('ticketsCount', `at most ${config.maxTicketsPerUser} tickets`);
  if (config.requireVerifiedEmail && !(await isVerifiedUser(actor.userId)))
    throw new AppError('EMAIL_NOT_VERIFIED', 'Verify your email address before you join a waitlist.');
  const { value, isReplay } = await execute({
    kind: 'join',
    eventId,
    requestId: randomUUID(),
    actor,
    ticketTypeId,
    ticketsCount,
    acceptFewer,
    hasHistory:
      config.waitlistFirstOfferMinutes === config.waitlistOfferMinutes || (await hasHistory(database, actor.userId)),
    idempotency,
  });
  return { value: presentJoinResult(value), isReplay };
}

/** Leaves the waitlist of an event, or gives up an offer. @throws AppError NOT_FOUND */
export async function leaveWaitlist({ userId, requestId }: OnBehalf, eventId: number): Promise<void> {
  await execute({ kind: 'leave', eventId, requestId: randomUUID(), userId, causedBy: requestId });
}

export interface ListEntries {
  page: number;
  limit: number;
  eventId?: number;
  status?: WaitlistEntryState['status'];
}

/** Lists the caller's waitlist entries, newest first. */
export async function listWaitlistEntries(actor: Actor, query: ListEntries) {
  const { rows, total } = await listWaitlistRows(database, {
    ...query,
    userId: actor.userId,
    offset: getOffset(query),
  });
  return toPage(
    rows.map((row) => presentWaitlistEntry(row, row.event, row.position)),
    query,
    { total },
  );
}

/** Returns the caller's latest waitlist entry for an event. @throws AppError NOT_FOUND */
export async function getWaitlistEntry({ userId }: Actor, eventId: number): Promise<WaitlistEntry> {
  const row = await findLatestWaitlistEntry(database, { userId, eventId });
  if (!row) throw new AppError('NOT_FOUND', 'You are not on the waitlist of this event.');
  return presentWaitlistEntry(row, row.event, row.position);
}

const CHUNK_SIZE = 500;

/** Expires overdue offers; their tickets are offered to the next entries. Returns how many. */
export async function expireOffers(): Promise<number> {
  await shortenFutureOffers(database, config.waitlistOfferMinutes);
  return executeDue(async (limit) => {
    const due = await listDueOffers(database, limit);
    return due.map(({ id, eventId }) => ({
      kind: 'expireOffer',
      eventId,
      requestId: randomUUID(),
      waitlistEntryId: id,
    }));
  });
}

/** Step: closes the waitlist entries of a deleted ticket type and notifies their users. `trx` must have locked the sale. */
export async function closeWaitlistOfType(
  trx: Trx,
  { ticketTypeId, requestId }: { ticketTypeId: number; requestId: string },
): Promise<void> {
  const entryIds = await leaveWaitlistOfType(trx, ticketTypeId);
  const messages = entryIds.map((waitlistEntryId): Message => ({
    topic: 'waitlist.closed',
    payload: { entryId: waitlistEntryId, because: 'type' },
    requestId,
  }));
  await addMessages(trx, messages);
}

/** Closes the waitlist of a cancelled event. */
export async function closeWaitlist(eventId: number): Promise<void> {
  for (;;) {
    const userIds = await listActiveWaitlistUsers(database, eventId, CHUNK_SIZE);
    const commands = userIds.map((userId): Command => ({ kind: 'leave', eventId, requestId: randomUUID(), userId }));
    // Users may leave on their own in the meantime.
    await executeAll(commands, ['NOT_FOUND']);
    if (userIds.length < CHUNK_SIZE) return;
  }
}
