import { randomUUID } from 'node:crypto';
import { config } from '../config';
import { database, type Trx } from '../database';
import { AppError, invalid } from '../errors';
import type { Actor, OnBehalf } from '../lib/actor';
import { offsetOf, pageOf } from '../lib/paging';
import type { EntryState, Idempotency } from '../models/inventory.types';
import {
  findLatestEntry,
  hasHistory,
  leaveLineOfType,
  listActiveEntryUsers,
  listDueOffers,
  listEntries,
  shortenFutureOffers,
} from '../models/waitlist.model';
import type { Command } from './inventory.commands';
import { settleDue } from './inventory.due.service';
import { settle, settleAll, type Settled } from './inventory.service';
import { postMessages, type Message } from './outbox.service';
import { isVerifiedUser } from './users.verified.service';
import { presentEntry } from './waitlist.present';

export type WaitlistEntry = ReturnType<typeof presentEntry>;

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
): Promise<Settled<WaitlistEntry>> {
  if (ticketsCount > config.maxTicketsPerUser)
    throw invalid('ticketsCount', `at most ${config.maxTicketsPerUser} tickets`);
  if (config.requireVerifiedEmail && !(await isVerifiedUser(actor.userId)))
    throw new AppError('EMAIL_NOT_VERIFIED', 'Verify your email address before you wait for tickets.');
  return settle<WaitlistEntry>({
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
}

/** Gives up a place in line or an offer. @throws AppError NOT_FOUND */
export async function leaveWaitlist({ userId, requestId }: OnBehalf, eventId: number): Promise<void> {
  await settle({ kind: 'leave', eventId, requestId: randomUUID(), userId, causedBy: requestId });
}

export interface ListEntries {
  page: number;
  limit: number;
  eventId?: number;
  status?: EntryState['status'];
}

/** The caller's entries, newest first. */
export async function listWaitlistEntries(actor: Actor, query: ListEntries) {
  const { rows, total } = await listEntries(database, { ...query, userId: actor.userId, offset: offsetOf(query) });
  return pageOf(
    rows.map((row) => presentEntry(row, row.event, row.position)),
    query,
    { total },
  );
}

/** The caller's latest place in line for an event. @throws AppError NOT_FOUND */
export async function getWaitlistEntry({ userId }: Actor, eventId: number): Promise<WaitlistEntry> {
  const row = await findLatestEntry(database, { userId, eventId });
  if (!row) throw new AppError('NOT_FOUND', 'You have not joined the waitlist of this event.');
  return presentEntry(row, row.event, row.position);
}

const CHUNK = 500;

/** Takes back offers whose time is over; their tickets go to the next in line. Returns how many. */
export async function expireOffers(): Promise<number> {
  await shortenFutureOffers(database, config.waitlistOfferMinutes);
  return settleDue(async (limit) => {
    const due = await listDueOffers(database, limit);
    return due.map(({ id, eventId }) => ({ kind: 'expireOffer', eventId, requestId: randomUUID(), entryId: id }));
  });
}

/** Step: empties the line for a type that is withdrawn, and has those who waited told; `trx` holds the sale. */
export async function closeLineOfType(
  trx: Trx,
  { ticketTypeId, requestId }: { ticketTypeId: number; requestId: string },
): Promise<void> {
  const entryIds = await leaveLineOfType(trx, ticketTypeId);
  const messages = entryIds.map((entryId): Message => ({
    topic: 'waitlist.closed',
    payload: { entryId, because: 'type' },
    requestId,
  }));
  await postMessages(trx, messages);
}

/** Empties the line of an event that was cancelled. */
export async function closeWaitlist(eventId: number): Promise<void> {
  for (;;) {
    const userIds = await listActiveEntryUsers(database, eventId, CHUNK);
    const commands = userIds.map((userId): Command => ({ kind: 'leave', eventId, requestId: randomUUID(), userId }));
    // Somebody may leave by himself meanwhile.
    await settleAll(commands, ['NOT_FOUND']);
    if (userIds.length < CHUNK) return;
  }
}
