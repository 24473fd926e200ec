import { database, type Db, type Trx } from '../../database';
import { localDate } from '../../lib/time-zone';
import {
  findActiveBookingId,
  findBookingTotals,
  listBookingsPerSlot,
  type BookingTotals,
} from '../../models/bookings/booking-stats';

/** Returns whether an event has pending or confirmed bookings. Reliable only while its inventory is locked. */
export async function hasActiveBookings(trx: Trx, eventId: number): Promise<boolean> {
  return (await findActiveBookingId(trx, eventId)) !== undefined;
}

export interface BookingsPerDay {
  /** The date in the time zone of the event, as YYYY-MM-DD. */
  date: string;
  bookings: number;
  tickets: number;
}

const DAY_MS = 86_400_000;

/** Inserts the days without bookings. */
function fillMissingDays(days: BookingsPerDay[]): BookingsPerDay[] {
  return days.flatMap((day, index) => {
    const previous = days[index - 1];
    const gap: BookingsPerDay[] = [];
    for (
      let time = previous ? Date.parse(previous.date) + DAY_MS : Infinity;
      time < Date.parse(day.date);
      time += DAY_MS
    )
      gap.push({ date: new Date(time).toISOString().slice(0, 10), bookings: 0, tickets: 0 });
    return [...gap, day];
  });
}

async function listBookingsPerDay(db: Db, eventId: number, timezone: string): Promise<BookingsPerDay[]> {
  const toLocalDate = localDate(timezone);
  const days = new Map<string, BookingsPerDay>();
  for (const { slot, bookings, tickets } of await listBookingsPerSlot(db, eventId)) {
    const date = toLocalDate(slot);
    const day = days.get(date) ?? { date, bookings: 0, tickets: 0 };
    days.set(date, { date, bookings: day.bookings + bookings, tickets: day.tickets + tickets });
  }
  return fillMissingDays([...days.values()]);
}

export interface BookingStats {
  totals: BookingTotals;
  perDay: BookingsPerDay[];
}

export async function getBookingStats({ id, timezone }: { id: number; timezone: string }): Promise<BookingStats> {
  const totals = await findBookingTotals(database, id);
  const perDay = await listBookingsPerDay(database, id, timezone);
  return { totals, perDay };
}
