import type { Actor } from '../../lib/actor';
import { getOwnBookingRow } from './get-bookings';
import { renderEventCalendar } from '../events/event-calendar';

/** Returns a booking of the caller as iCalendar text; a cancellation if it is no longer active. @throws AppError NOT_FOUND */
export async function getBookingCalendar(actor: Actor, bookingId: number): Promise<string> {
  const { eventId, reference, status, expiredAt } = await getOwnBookingRow(actor, bookingId);
  return renderEventCalendar(actor, eventId, {
    subject: { kind: 'booking', id: bookingId, status, hasExpired: expiredAt !== null },
    note: `Booking reference: ${reference}`,
    isCancelled: status === 'cancelled' || status === 'expired',
  });
}
