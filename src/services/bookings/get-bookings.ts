import { database } from '../../database';
import { AppError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  findBooking,
  findBookingByReference,
  listBookings as listBookingRows,
  type BookingRow,
} from '../../models/bookings/bookings';
import type { BookingStatus } from '../../models/inventory/types';
import { addTicketCodes, type Booking } from './add-ticket-codes';
import { presentBooking } from './present-booking';

function present(actor: Actor, row: BookingRow): Promise<Booking> {
  return addTicketCodes(actor, presentBooking(row, row.event));
}

function assertVisible(actor: Actor, row: BookingRow | undefined): BookingRow {
  if (!row || (row.userId !== actor.userId && !mayManage(actor, row.event.organizerId)))
    throw new AppError('NOT_FOUND', 'Booking not found.');
  return row;
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBookingRow(actor: Actor, id: number): Promise<BookingRow> {
  return assertVisible(actor, await findBooking(database, id));
}

/** @throws AppError NOT_FOUND, to all but its owner */
export async function getOwnBookingRow(actor: Actor, id: number): Promise<BookingRow> {
  const row = await getBookingRow(actor, id);
  if (row.userId !== actor.userId) throw new AppError('NOT_FOUND', 'Booking not found.');
  return row;
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBooking(actor: Actor, id: number): Promise<Booking> {
  return present(actor, await getBookingRow(actor, id));
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBookingByReference(actor: Actor, reference: string): Promise<Booking> {
  return present(actor, assertVisible(actor, await findBookingByReference(database, reference.toUpperCase())));
}

export interface ListBookings {
  page: number;
  limit: number;
  status?: BookingStatus;
  eventId?: number;
  upcoming?: boolean;
}

/** Lists the caller's own bookings, newest first. */
export async function listBookings(actor: Actor, query: ListBookings) {
  const { rows, total } = await listBookingRows(database, { ...query, userId: actor.userId, offset: getOffset(query) });
  return toPage(await Promise.all(rows.map((row) => present(actor, row))), query, { total });
}
