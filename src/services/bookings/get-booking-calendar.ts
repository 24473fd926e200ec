import type { Actor } from '../../lib/actor';
import { getOwnBookingRow } from './get-bookings';
import { renderEventCalendar } from '../events/event-calendar';

/** iCalendar text of what the caller has booked; of what is booked no more, one that takes it out. @throws AppError NOT_FOUND */
export async function getBookingCalendar(actor: Actor, bookingId: number): Promise<string> {
  const { eventId, reference, status, expiredAt } = await getOwnBookingRow(actor, bookingId);
  return renderEventCalendar(actor, eventId, {
    subject: { kind: 'booking', id: bookingId, status, hasExpired: expiredAt !== null },
    note: `Booking reference: ${reference}`,
    isCancelled: status === 'cancelled' || status === 'expired',
  });
}
