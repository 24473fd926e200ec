import { database } from '../database';
import { formatMoney } from '../lib/money';
import { offsetOf, pageOf } from '../lib/paging';
import {
  ATTENDEES_BOUND,
  listAttendees,
  listAttendeesAfter,
  type AttendeeFilter,
  type AttendeeRow,
} from '../models/tickets.attendees.model';
import { timeOf } from './tickets.check-in.service';

export type { AttendeeFilter } from '../models/tickets.attendees.model';

function present(row: AttendeeRow) {
  return {
    ...row,
    price: formatMoney(row.price, row.currency),
    checkedInAt: timeOf(row.checkedInAt),
    bookedAt: row.bookedAt.toISOString(),
  };
}

export type Attendee = ReturnType<typeof present>;

export async function pageAttendees(filter: AttendeeFilter, { page, limit }: { page: number; limit: number }) {
  const { rows, counted } = await listAttendees(database, filter, { limit, offset: offsetOf({ page, limit }) });
  const bound = counted > ATTENDEES_BOUND ? ATTENDEES_BOUND : undefined;
  return pageOf(rows.map(present), { page, limit }, { total: Math.min(counted, ATTENDEES_BOUND), bound });
}

const CHUNK = 1000;

/** All of them, read bit by bit, without keeping a connection between. */
export async function* eachAttendee(filter: AttendeeFilter): AsyncGenerator<Attendee> {
  for (let after = { bookingId: 0, ticketId: 0 }; ;) {
    const rows = await listAttendeesAfter(database, filter, { ...after, limit: CHUNK });
    yield* rows.map(present);
    if (rows.length < CHUNK) return;
    after = rows[rows.length - 1]!;
  }
}
