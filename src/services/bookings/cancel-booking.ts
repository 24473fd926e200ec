import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { listActiveBookings, listActiveBookingsOfUser } from '../../models/bookings/bookings';
import type { Booking } from './add-ticket-codes';
import { getBooking, getBookingRow } from './get-bookings';
import { resetRecentHolds } from '../holds.service';
import { execute, executeAll } from '../inventory/execute';
import { toCancelCommands } from '../inventory/order-commands';

interface CancelBooking {
  bookingId: number;
  reason: string | null;
}

/**
 * Cancels a booking. Its tickets are offered to the waitlist first.
 * @throws AppError NOT_FOUND, ALREADY_CANCELLED, BOOKING_EXPIRED, CANCELLATION_WINDOW_CLOSED, ALREADY_CHECKED_IN, TICKET_TRANSFERRED
 */
export async function cancelBooking(actor: Actor, { bookingId, reason }: CancelBooking): Promise<Booking> {
  const row = await getBookingRow(actor, bookingId);
  const [command] = await toCancelCommands([row], { actor, reason });
  await execute(command!);
  const { status } = row;
  if (status === 'pending') resetRecentHolds();
  return getBooking(actor, bookingId);
}

const CANCEL_CHUNK_SIZE = 200;

/**
 * Cancels all active bookings of a cancelled event, with the organizer's reason if there is one. Returns how many it cancelled.
 * Safe to call again after a failure.
 */
export async function cancelBookingsOfEvent(eventId: number, reason: string | null): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const bookings = await listActiveBookings(database, eventId, { after, limit: CANCEL_CHUNK_SIZE });
    const commands = await toCancelCommands(bookings, { actor: undefined, reason });
    // The customer may cancel first, or the hold may expire.
    count += await executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
    if (bookings.length < CANCEL_CHUNK_SIZE) return count;
    after = bookings[bookings.length - 1]!.id;
  }
}

/** Cancels all active bookings of a user whose account was erased. Returns how many it cancelled. */
export async function cancelBookingsOfUser(userId: number): Promise<number> {
  const bookings = await listActiveBookingsOfUser(database, userId);
  const commands = await toCancelCommands(bookings, { actor: undefined, reason: 'The account was erased.' });
  return executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
}
