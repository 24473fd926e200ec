import type { Db, Trx } from '../../database';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { HAS_HISTORY, WAITLIST_ENTRY } from '../inventory/columns';
import type { WaitlistEntryState } from '../inventory/types';
import { bool, int4, int8, json, orNull, query, queryOne, queryPage, statement, statementFamily } from '../statement';

export interface WaitlistEntryRow extends WaitlistEntryState {
  event: EventSummaryRow;
  position: number | null;
}

const POSITION = `CASE WHEN w.status = 'waiting' THEN (
    SELECT count(*) + 1
    FROM waitlist_entries ahead
    WHERE ahead.event_id = w.event_id AND ahead.status = 'waiting' AND ahead.id < w.id
  ) END`;

const ENTRY_OF_EVENT = {
  ...WAITLIST_ENTRY,
  event: json<EventSummaryRow>(EVENT_SUMMARY),
  position: orNull(int8(POSITION)),
};

export interface EntryFilter {
  userId: number;
  eventId?: number;
  status?: WaitlistEntryState['status'];
  limit: number;
  offset: number;
}

type ListForm = Pick<EntryFilter, 'eventId' | 'status'>;

function toConditions({ eventId, status }: ListForm): string {
  const conditions = [
    'w.user_id = :userId',
    eventId !== undefined && 'w.event_id = :eventId',
    status && 'w.status = :status',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

const LIST_FORMS: ListForm[] = [{}, { eventId: 1, status: 'waiting' }];

const LIST = statementFamily({
  name: 'waitlist-list',
  columns: ENTRY_OF_EVENT,
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  FROM waitlist_entries w
  JOIN events e ON e.id = w.event_id
  WHERE ${toConditions(form)}
  ORDER BY w.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'waitlist-count',
  columns: { total: int8('count(*)') },
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `SELECT ${list} FROM waitlist_entries w WHERE ${toConditions(form)}`,
});

/** Returns a page of a user's entries, newest first. */
export async function listWaitlistRows(
  db: Db,
  { userId, eventId, status, limit, offset }: EntryFilter,
): Promise<{ rows: WaitlistEntryRow[]; total: number }> {
  const form = { eventId, status };
  const values = { userId, eventId: eventId ?? null, status: status ?? null };
  return queryPage(db, { list: LIST(form), count: COUNT(form) }, { ...values, limit, offset });
}

const FIND_LATEST = statement({
  name: 'waitlist-find-latest',
  columns: ENTRY_OF_EVENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM waitlist_entries w
  JOIN events e ON e.id = w.event_id
  WHERE w.user_id = :userId AND w.event_id = :eventId
  ORDER BY w.id DESC
  LIMIT 1`,
});

/** Returns a user's latest entry for an event. */
export async function findLatestWaitlistEntry(
  db: Db,
  of: { userId: number; eventId: number },
): Promise<WaitlistEntryRow | undefined> {
  return (await query(db, FIND_LATEST, of))[0];
}

export interface DueOffer {
  id: number;
  eventId: number;
}

/** Shortens offers that end later than a new offer could: see `shortenFutureHolds`. */
export async function shortenFutureOffers(db: Db, offerMinutes: number): Promise<number> {
  return db('waitlist_entries')
    .where('status', 'offered')
    .whereRaw('offer_expires_at > now() + make_interval(secs => ?)', [60 * (2 * offerMinutes + 1)])
    .update({ offer_expires_at: db.raw('now() + make_interval(secs => ?)', [60 * offerMinutes]) });
}

/** Lists overdue offers. */
export async function listDueOffers(db: Db, limit: number): Promise<DueOffer[]> {
  return db('waitlist_entries')
    .where('status', 'offered')
    .where('offer_expires_at', '<=', db.fn.now())
    .orderBy('offer_expires_at')
    .limit(limit)
    .select({ id: 'id', eventId: 'event_id' });
}

/** Closes the entries that wait for this ticket type only. Returns their ids. */
export async function leaveWaitlistOfType(trx: Trx, ticketTypeId: number): Promise<number[]> {
  const rows = await trx('waitlist_entries')
    .where({ ticket_type_id: ticketTypeId, status: 'waiting' })
    .update({ status: 'left', left_at: trx.fn.now() })
    .returning('id');
  return rows.map(({ id }) => id);
}

/** Lists users who are waiting or hold an offer for this event. */
export async function listActiveWaitlistUsers(db: Db, eventId: number, limit: number): Promise<number[]> {
  return db('waitlist_entries')
    .where('event_id', eventId)
    .whereIn('status', ['waiting', 'offered'])
    .orderBy('id')
    .limit(limit)
    .pluck('user_id');
}

/** Makes a user's offers due now; the schedule then expires them and offers their tickets to the next entries. */
export async function expireOffersOfUser(trx: Trx, userId: number): Promise<void> {
  await trx('waitlist_entries')
    .where({ user_id: userId, status: 'offered' })
    .where('offer_expires_at', '>', trx.fn.now())
    .update({ offer_expires_at: trx.fn.now() });
}

const FIND_HISTORY = statement({
  name: 'waitlist-has-history',
  columns: { found: bool(HAS_HISTORY) },
  sql: (list) => `SELECT ${list} FROM (SELECT :userId::int AS user_id) w`,
});

/** Returns whether the user has paid for an order or attended an event. */
export async function hasHistory(db: Db, userId: number): Promise<boolean> {
  const { found } = await queryOne(db, FIND_HISTORY, { userId });
  return found;
}

const LIST_WAITED = statement({
  name: 'waitlist-waited-events',
  columns: { eventId: int4('w.event_id') },
  sql: (list) => `
  SELECT DISTINCT
    ${list}
  FROM waitlist_entries w
  JOIN events e ON e.id = w.event_id
  WHERE w.status = 'waiting' AND e.status = 'published' AND (w.user_id = :userId OR e.organizer_id = :userId)
  ORDER BY 1`,
});

/** Lists events with a waitlist that this user organizes or waits for. */
export async function listWaitedEvents(db: Db, userId: number): Promise<number[]> {
  const rows = await query(db, LIST_WAITED, { userId });
  return rows.map(({ eventId }) => eventId);
}
