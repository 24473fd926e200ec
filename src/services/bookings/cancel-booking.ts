import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { listActiveBookingIds, listActiveBookingsOfUser } from '../../models/bookings/bookings';
import type { Booking } from './add-ticket-codes';
import { getBooking, getBookingRow } from './get-bookings';
import { resetRecentHolds } from '../holds.service';
import type { Command } from '../inventory/rules/commands';
import { execute, executeAll } from '../inventory/execute';

interface CancelBooking {
  bookingId: number;
  reason: string | null;
}

/**
 * Cancels a booking. Its tickets are offered to the waitlist first.
 * @throws AppError NOT_FOUND, ALREADY_CANCELLED, BOOKING_EXPIRED, CANCELLATION_WINDOW_CLOSED, ALREADY_CHECKED_IN, TICKET_TRANSFERRED
 */
export async function cancelBooking(actor: Actor, { bookingId, reason }: CancelBooking): Promise<Booking> {
  const { eventId, status } = await getBookingRow(actor, bookingId);
  await execute({ kind: 'cancel', eventId, requestId: randomUUID(), bookingId, actor, reason });
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
    const ids = await listActiveBookingIds(database, eventId, { after, limit: CANCEL_CHUNK_SIZE });
    const commands = ids.map((bookingId): Command => ({
      kind: 'cancel',
      eventId,
      requestId: randomUUID(),
      bookingId,
      actor: undefined,
      reason,
    }));
    // The customer may cancel first, or the hold may expire.
    count += await executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
    if (ids.length < CANCEL_CHUNK_SIZE) return count;
    after = ids[ids.length - 1]!;
  }
}

/** Cancels all active bookings of a user whose account was erased. Returns how many it cancelled. */
export async function cancelBookingsOfUser(userId: number): Promise<number> {
  const bookings = await listActiveBookingsOfUser(database, userId);
  const commands = bookings.map(({ id, eventId }): Command => ({
    kind: 'cancel',
    eventId,
    requestId: randomUUID(),
    bookingId: id,
    actor: undefined,
    reason: 'The account was erased.',
  }));
  return executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
}
