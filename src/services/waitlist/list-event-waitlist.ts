import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import { countWaitingAhead, listWaitlistQueue, MAX_COUNTED_ROWS } from '../../models/waitlist/event-queue';
import { getManagedEvent } from '../events/event-access';
import { presentWaitlistEntry } from './present-waitlist-entry';

const ACTIVE_STATUSES = ['waiting', 'offered'];

export interface ListEventWaitlist {
  eventId: number;
  page: number;
  limit: number;
  /** Defaults to `waiting` and `offered`. */
  status?: string;
}

/** Lists the waitlist of an event in order of joining. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listEventWaitlist(actor: Actor, { eventId, status, ...query }: ListEventWaitlist) {
  await getManagedEvent(database, actor, eventId);
  const filter = { eventId, statuses: status ? [status] : ACTIVE_STATUSES };
  const { rows, total } = await listWaitlistQueue(database, filter, { limit: query.limit, offset: getOffset(query) });
  let position = rows[0] ? await countWaitingAhead(database, eventId, rows[0].id) : 0;
  const entries = rows.map((row) => {
    if (row.status === 'waiting') position += 1;
    return { ...presentWaitlistEntry(row, row.event, position), user: row.user };
  });
  return toPage(entries, query, { total, bound: MAX_COUNTED_ROWS });
}
