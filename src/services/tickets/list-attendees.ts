import { database } from '../../database';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import {
  MAX_COUNTED_ROWS,
  listAttendees,
  listAttendeesAfter,
  type AttendeeFilter,
  type AttendeeRow,
} from '../../models/tickets/attendees';
import { toIsoTime } from './check-in';

export type { AttendeeFilter } from '../../models/tickets/attendees';

function present(row: AttendeeRow) {
  return {
    ...row,
    price: formatMoney(row.price, row.currency),
    checkedInAt: toIsoTime(row.checkedInAt),
    bookedAt: row.bookedAt.toISOString(),
  };
}

export type Attendee = ReturnType<typeof present>;

export async function listAttendeePage(filter: AttendeeFilter, { page, limit }: { page: number; limit: number }) {
  const { rows, counted } = await listAttendees(database, filter, { limit, offset: getOffset({ page, limit }) });
  const bound = counted > MAX_COUNTED_ROWS ? MAX_COUNTED_ROWS : undefined;
  return toPage(rows.map(present), { page, limit }, { total: Math.min(counted, MAX_COUNTED_ROWS), bound });
}

const ATTENDEE_CHUNK_SIZE = 1000;

/** Iterates over all attendees in chunks, without holding a connection in between. */
export async function* iterateAttendees(filter: AttendeeFilter): AsyncGenerator<Attendee> {
  for (let after = { bookingId: 0, ticketId: 0 }; ;) {
    const rows = await listAttendeesAfter(database, filter, { ...after, limit: ATTENDEE_CHUNK_SIZE });
    yield* rows.map(present);
    if (rows.length < ATTENDEE_CHUNK_SIZE) return;
    after = rows[rows.length - 1]!;
  }
}
