import type { Db } from '../../database';
import { toTextArray } from '../../lib/pg-array';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { WAITLIST_ENTRY } from '../inventory/columns';
import { int8, json, queryPage, statement } from '../statement';
import type { WaitlistEntryState } from '../inventory/types';

export interface WaitlistQueueRow extends WaitlistEntryState {
  event: EventSummaryRow;
  user: { id: number; firstName: string | null; lastName: string | null; email: string };
}

export interface WaitlistQueueFilter {
  eventId: number;
  statuses: string[];
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

const FROM = 'FROM waitlist_entries w WHERE w.event_id = :eventId AND w.status = ANY (:statuses::text[])';

const LIST = statement({
  name: 'waitlist-queue',
  columns: {
    ...WAITLIST_ENTRY,
    event: json<EventSummaryRow>(EVENT_SUMMARY),
    user: json<WaitlistQueueRow['user']>(
      "json_build_object('id', u.id, 'firstName', u.first_name, 'lastName', u.last_name, 'email', u.email)",
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (SELECT w.* ${FROM} ORDER BY w.id LIMIT :limit OFFSET :offset) w
  JOIN events e ON e.id = w.event_id
  JOIN users u ON u.id = w.user_id
  ORDER BY w.id`,
});

const COUNT = statement({
  name: 'waitlist-queue-count',
  columns: { total: int8('count(*)') },
  sql: (list) => `SELECT ${list} FROM (SELECT 1 ${FROM} LIMIT :bound) n`,
});

/** Returns a page of an event's waitlist in order of joining, with the total up to a bound. */
export async function listWaitlistQueue(
  db: Db,
  { eventId, statuses }: WaitlistQueueFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: WaitlistQueueRow[]; total: number }> {
  const values = { eventId, statuses: toTextArray(statuses) };
  return queryPage(db, { list: LIST, count: COUNT }, { ...values, limit, offset, bound: MAX_COUNTED_ROWS });
}

/** Counts the entries waiting ahead of an entry. */
export async function countWaitingAhead(db: Db, eventId: number, waitlistEntryId: number): Promise<number> {
  const [row] = await db('waitlist_entries')
    .where({ event_id: eventId, status: 'waiting' })
    .where('id', '<', waitlistEntryId)
    .count('* as count');
  return row!.count;
}
