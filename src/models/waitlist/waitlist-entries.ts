import type { Db, Trx } from '../../database';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { WAITLIST_ENTRY_COLUMNS, HAS_HISTORY } from '../inventory/read-state';
import type { WaitlistEntryState } from '../inventory/types';

export interface WaitlistEntryRow extends WaitlistEntryState {
  event: EventSummaryRow;
  position: number | null;
}

const POSITION = `CASE WHEN w.status = 'waiting' THEN
  (SELECT count(*) + 1 FROM waitlist_entries ahead WHERE ahead.event_id = w.event_id AND ahead.status = 'waiting' AND ahead.id < w.id) END`;

export interface EntryFilter {
  userId: number;
  eventId?: number;
  status?: WaitlistEntryState['status'];
  limit: number;
  offset: number;
}

/** A user's entries, newest first. */
export async function listWaitlistRows(
  db: Db,
  filter: EntryFilter,
): Promise<{ rows: WaitlistEntryRow[]; total: number }> {
  const { userId, eventId = null, status = null, limit, offset } = filter;
  const conditions = ['w.user_id = :userId', eventId && 'w.event_id = :eventId', status && 'w.status = :status'];
  const from = `FROM waitlist_entries w JOIN events e ON e.id = w.event_id WHERE ${conditions.filter(Boolean).join(' AND ')}`;
  const values = { userId, eventId, status, limit, offset };
  const [{ rows }, { rows: counted }] = await Promise.all([
    db.raw<{ rows: WaitlistEntryRow[] }>(
      `SELECT ${WAITLIST_ENTRY_COLUMNS}, ${EVENT_SUMMARY} AS event, ${POSITION} AS position
       ${from} ORDER BY w.id DESC LIMIT :limit OFFSET :offset`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(`SELECT count(*) AS total ${from}`, values),
  ]);
  return { rows, total: counted[0]!.total };
}

/** A user's latest entry for an event. */
export async function findLatestWaitlistEntry(
  db: Db,
  { userId, eventId }: { userId: number; eventId: number },
): Promise<WaitlistEntryRow | undefined> {
  const { rows } = await db.raw<{ rows: WaitlistEntryRow[] }>(
    `SELECT ${WAITLIST_ENTRY_COLUMNS}, ${EVENT_SUMMARY} AS event, ${POSITION} AS position
     FROM waitlist_entries w JOIN events e ON e.id = w.event_id
     WHERE w.user_id = :userId AND w.event_id = :eventId ORDER BY w.id DESC LIMIT 1`,
    { userId, eventId },
  );
  return rows[0];
}

export interface DueOffer {
  id: number;
  eventId: number;
}

/** Has offers that end further ahead than any can end when an offer of now would: see `shortenFutureHolds`. */
export async function shortenFutureOffers(db: Db, offerMinutes: number): Promise<number> {
  return db('waitlist_entries')
    .where('status', 'offered')
    .whereRaw('offer_expires_at > now() + make_interval(secs => ?)', [60 * (2 * offerMinutes + 1)])
    .update({ offer_expires_at: db.raw('now() + make_interval(secs => ?)', [60 * offerMinutes]) });
}

/** Offers whose time is over. */
export async function listDueOffers(db: Db, limit: number): Promise<DueOffer[]> {
  return db('waitlist_entries')
    .where('status', 'offered')
    .where('offer_expires_at', '<=', db.fn.now())
    .orderBy('offer_expires_at')
    .limit(limit)
    .select({ id: 'id', eventId: 'event_id' });
}

/** Ends the waiting of those who want no other type than this one; returns their entries. */
export async function leaveWaitlistOfType(trx: Trx, ticketTypeId: number): Promise<number[]> {
  const rows = await trx('waitlist_entries')
    .where({ ticket_type_id: ticketTypeId, status: 'waiting' })
    .update({ status: 'left', left_at: trx.fn.now() })
    .returning('id');
  return rows.map(({ id }) => id);
}

/** Users who wait or hold an offer for this event. */
export async function listActiveWaitlistUsers(db: Db, eventId: number, limit: number): Promise<number[]> {
  return db('waitlist_entries')
    .where('event_id', eventId)
    .whereIn('status', ['waiting', 'offered'])
    .orderBy('id')
    .limit(limit)
    .pluck('user_id');
}

/** Ends a user's offers now: the schedule takes them back and offers their tickets to the next in line. */
export async function expireOffersOfUser(trx: Trx, userId: number): Promise<void> {
  await trx('waitlist_entries')
    .where({ user_id: userId, status: 'offered' })
    .where('offer_expires_at', '>', trx.fn.now())
    .update({ offer_expires_at: trx.fn.now() });
}

/** Whether the user has paid for something or been to something. */
export async function hasHistory(db: Db, userId: number): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { found: boolean }[] }>(
    `SELECT ${HAS_HISTORY} AS found FROM (SELECT :userId::int AS user_id) w`,
    { userId },
  );
  return rows[0]!.found;
}

/** Events in whose lines somebody waits, and which are this user's or have this user in line. */
export async function listWaitedEvents(db: Db, userId: number): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { eventId: number }[] }>(
    `SELECT DISTINCT w.event_id AS "eventId" FROM waitlist_entries w JOIN events e ON e.id = w.event_id
     WHERE w.status = 'waiting' AND e.status = 'published' AND (w.user_id = :userId OR e.organizer_id = :userId) ORDER BY 1`,
    { userId },
  );
  return rows.map(({ eventId }) => eventId);
}
