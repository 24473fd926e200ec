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
  listTypeRevenues,
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

async function bookingsPerDay(db: Db, eventId: number, timezone: string): Promise<BookingsPerDay[]> {
  const dateOf = localDate(timezone);
  const days = new Map<string, BookingsPerDay>();
  for (const { slot, bookings, tickets } of await listBookingsPerSlot(db, eventId)) {
    const date = dateOf(slot);
    const day = days.get(date) ?? { date, bookings: 0, tickets: 0 };
    days.set(date, { date, bookings: day.bookings + bookings, tickets: day.tickets + tickets });
  }
  return [...days.values()];
}

export interface BookingFigures {
  totals: BookingTotals;
  perDay: BookingsPerDay[];
  /** By ticket type. */
  revenues: Map<number, string>;
}

export async function reportBookings({ id, timezone }: { id: number; timezone: string }): Promise<BookingFigures> {
  const totals = await findBookingTotals(database, id);
  const perDay = await bookingsPerDay(database, id, timezone);
  const revenues = await listTypeRevenues(database, id);
  return { totals, perDay, revenues: new Map(revenues.map(({ ticketTypeId, revenue }) => [ticketTypeId, revenue])) };
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
