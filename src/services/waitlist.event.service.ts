import { database } from '../database';
import type { Actor } from '../lib/actor';
import { offsetOf, pageOf } from '../lib/paging';
import { countWaitingAhead, listLine, MAX_COUNTED } from '../models/waitlist.event.model';
import { getManagedEvent } from './events.access.service';
import { presentEntry } from './waitlist.present';

const IN_LINE = ['waiting', 'offered'];

export interface ListEventWaitlist {
  eventId: number;
  page: number;
  limit: number;
  /** By default those who are still in line. */
  status?: string;
}

/** Who is in line for an event, in the order of joining. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listEventWaitlist(actor: Actor, { eventId, status, ...query }: ListEventWaitlist) {
  await getManagedEvent(database, actor, eventId);
  const filter = { eventId, statuses: status ? [status] : IN_LINE };
  const { rows, total } = await listLine(database, filter, { limit: query.limit, offset: offsetOf(query) });
  let position = rows[0] ? await countWaitingAhead(database, eventId, rows[0].id) : 0;
  const entries = rows.map((row) => {
    if (row.status === 'waiting') position += 1;
    return { ...presentEntry(row, row.event, position), user: row.user };
  });
  return pageOf(entries, query, { total, bound: MAX_COUNTED });
}
