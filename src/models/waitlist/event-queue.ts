import type { Db } from '../../database';
import { toTextArray } from '../../lib/pg-array';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { WAITLIST_ENTRY_COLUMNS } from '../inventory/read-state';
import type { WaitlistEntryState } from '../inventory/types';

export interface WaitlistQueueRow extends WaitlistEntryState {
  event: EventSummaryRow;
  user: { id: number; firstName: string | null; lastName: string | null; email: string };
}

export interface WaitlistQueueFilter {
  eventId: number;
  statuses: string[];
}

/** Where counting stops. */
export const MAX_COUNTED_ROWS = 10_000;

/** A page of those who have joined an event's waitlist, in the order of joining; counting stops at a bound. */
export async function listWaitlistQueue(
  db: Db,
  { eventId, statuses }: WaitlistQueueFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: WaitlistQueueRow[]; total: number }> {
  const from = 'FROM waitlist_entries w WHERE w.event_id = :eventId AND w.status = ANY (:statuses::text[])';
  const values = { eventId, statuses: toTextArray(statuses), limit, offset, bound: MAX_COUNTED_ROWS };
  const [page, count] = await Promise.all([
    db.raw<{ rows: WaitlistQueueRow[] }>(
      `SELECT ${WAITLIST_ENTRY_COLUMNS}, ${EVENT_SUMMARY} AS event,
         json_build_object('id', u.id, 'firstName', u.first_name, 'lastName', u.last_name, 'email', u.email) AS "user"
       FROM (SELECT w.* ${from} ORDER BY w.id LIMIT :limit OFFSET :offset) w
         JOIN events e ON e.id = w.event_id JOIN users u ON u.id = w.user_id
       ORDER BY w.id`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(`SELECT count(*) AS total FROM (SELECT 1 ${from} LIMIT :bound) n`, values),
  ]);
  return { rows: page.rows, total: count.rows[0]!.total };
}

/** How many wait ahead of an entry. */
export async function countWaitingAhead(db: Db, eventId: number, waitlistEntryId: number): Promise<number> {
  const [row] = await db('waitlist_entries')
    .where({ event_id: eventId, status: 'waiting' })
    .where('id', '<', waitlistEntryId)
    .count('* as count');
  return row!.count;
}
