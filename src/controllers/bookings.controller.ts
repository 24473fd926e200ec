import { Reply, type RouteRequest } from '../http/route';
import { cancelBooking } from '../services/bookings/cancel-booking';
import { createBooking, type CreateBooking } from '../services/bookings/create-booking';
import { getBooking, getBookingByReference, listBookings, type ListBookings } from '../services/bookings/get-bookings';
import { listEventBookings, type ListAllBookings } from '../services/bookings/list-all-bookings';
import type { CommandResult } from '../services/inventory/execute';

/** Returns a result of the booking engine as a reply, marked if it is a replay of the first response. */
export function commandReply<T>({ value, isReplay }: CommandResult<T>): Reply<T> {
  return new Reply(value, isReplay ? { headers: { 'Idempotent-Replayed': 'true' } } : {});
}

export async function create({ actor, body, idempotency }: RouteRequest<'user', unknown, unknown, CreateBooking>) {
  return commandReply(await createBooking(actor, body, idempotency));
}

export function list({ actor, query }: RouteRequest<'user', unknown, ListBookings>) {
  return listBookings(actor, query);
}

export function listOfEvent({
  actor,
  params,
  query,
}: RouteRequest<'organizer', { id: number }, Omit<ListAllBookings, 'eventId' | 'userId'>>) {
  return listEventBookings(actor, { ...query, eventId: params.id });
}

export function get({ actor, params }: RouteRequest<'user', { id: number }>) {
  return getBooking(actor, params.id);
}

export function getByReference({ actor, params }: RouteRequest<'user', { reference: string }>) {
  return getBookingByReference(actor, params.reference);
}

export function cancel({ actor, params, body }: RouteRequest<'user', { id: number }, unknown, { reason?: string }>) {
  return cancelBooking(actor, { bookingId: params.id, reason: body.reason ?? null });
}
