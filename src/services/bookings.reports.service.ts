import { database, type Db, type Trx } from '../database';
import { localDate } from '../lib/time-zone';
import { offsetOf, pageOf } from '../lib/paging';
import {
  ATTENDEES_BOUND,
  findActiveBookingId,
  findBookingTotals,
  listAttendees as listAttendeeRows,
  listAttendeesAfter,
  listBookingsPerSlot,
  type AttendeeRow,
  type BookingTotals,
} from '../models/bookings.reports.model';
import type { BookingStatus } from '../models/inventory.types';
import { isoTimeOrNull } from './bookings.present';

/** Whether an event has pending or confirmed bookings; certain while its inventory is locked. */
export async function hasActiveBookings(trx: Trx, eventId: number): Promise<boolean> {
  return (await findActiveBookingId(trx, eventId)) !== undefined;
}

export interface BookingsPerDay {
  /** In the time zone of the event. */
  date: string;
  bookings: number;
  tickets: number;
}

const DAY_MS = 86_400_000;

/** Puts the days without bookings between the others. */
function everyDay(days: BookingsPerDay[]): BookingsPerDay[] {
  return days.flatMap((day, index) => {
    const before = days[index - 1];
    const gap: BookingsPerDay[] = [];
    for (let time = before ? Date.parse(before.date) + DAY_MS : Infinity; time < Date.parse(day.date); time += DAY_MS)
      gap.push({ date: new Date(time).toISOString().slice(0, 10), bookings: 0, tickets: 0 });
    return [...gap, day];
  });
}

async function bookingsPerDay(db: Db, eventId: number, timezone: string): Promise<BookingsPerDay[]> {
  const dateOf = localDate(timezone);
  const days = new Map<string, BookingsPerDay>();
  for (const { slot, bookings, tickets } of await listBookingsPerSlot(db, eventId)) {
    const date = dateOf(slot);
    const day = days.get(date) ?? { date, bookings: 0, tickets: 0 };
    days.set(date, { date, bookings: day.bookings + bookings, tickets: day.tickets + tickets });
  }
  return everyDay([...days.values()]);
}

export interface BookingFigures {
  totals: BookingTotals;
  perDay: BookingsPerDay[];
}

export async function reportBookings({ id, timezone }: { id: number; timezone: string }): Promise<BookingFigures> {
  const totals = await findBookingTotals(database, id);
  const perDay = await bookingsPerDay(database, id, timezone);
  return { totals, perDay };
}

interface Attendees {
  eventId: number;
  status: BookingStatus;
}

function presentAttendee({ firstName, lastName, tickets, ...row }: AttendeeRow) {
  const shown = (tickets ?? []).map((ticket) => ({ ...ticket, checkedInAt: isoTimeOrNull(ticket.checkedInAt) }));
  return {
    ...row,
    name: [firstName, lastName].filter(Boolean).join(' ') || null,
    checkedIn: shown.filter(({ checkedInAt }) => checkedInAt !== null).length,
    tickets: shown,
  };
}

export type Attendee = ReturnType<typeof presentAttendee>;

export async function pageAttendees({ eventId, status, page, limit }: Attendees & { page: number; limit: number }) {
  const { rows, counted } = await listAttendeeRows(database, {
    eventId,
    status,
    limit,
    offset: offsetOf({ page, limit }),
  });
  const bound = counted > ATTENDEES_BOUND ? ATTENDEES_BOUND : undefined;
  return pageOf(rows.map(presentAttendee), { page, limit }, { total: Math.min(counted, ATTENDEES_BOUND), bound });
}

const CHUNK = 1000;

/** All of them, read bit by bit, without keeping a connection between. */
export async function* eachAttendee({ eventId, status }: Attendees): AsyncGenerator<Attendee> {
  for (let after = 0; ;) {
    const rows = await listAttendeesAfter(database, { eventId, status, limit: CHUNK, after });
    yield* rows.map(presentAttendee);
    if (rows.length < CHUNK) return;
    after = rows[rows.length - 1]!.bookingId;
  }
}
