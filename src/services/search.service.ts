import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { getBookingByReference } from './bookings/get-bookings';
import { listAllLicenses } from './licenses/manage-licenses';
import { listAllOrders } from './orders/list-all-orders';
import { findTicketByText } from './tickets/find-ticket';
import { listUsers } from './users/manage-users';

/** Something that a search has found. */
export interface SearchHit {
  kind: 'user' | 'booking' | 'order' | 'ticket' | 'license';
  id: number;
  /** What it is known by. */
  title: string;
  /** Whose it is, or what it is for. */
  detail: string | null;
  status: string;
  userId: number | null;
  bookingId: number | null;
}

/** The most that is listed of each kind. */
const MAX_HITS = 8;
const PAGE = { page: 1, limit: MAX_HITS };
const REFERENCE = /^[A-Z0-9-]{4,20}$/i;

async function searchUsers(search: string): Promise<SearchHit[]> {
  const { data } = await listUsers({ ...PAGE, search, sort: 'createdAt' });
  return data.map(({ id, email, firstName, lastName, status }) => {
    const name = [firstName, lastName].filter(Boolean).join(' ');
    return { kind: 'user', id, title: email, detail: name || null, status, userId: id, bookingId: null };
  });
}

async function searchOrders(search: string): Promise<SearchHit[]> {
  const { data } = await listAllOrders({ ...PAGE, search, order: 'desc' });
  return data.map(({ id, orderNumber, customer, status, bookingId }) => {
    const detail = [customer.name, customer.email].filter(Boolean).join(', ');
    return { kind: 'order', id, title: orderNumber, detail, status, userId: customer.id, bookingId };
  });
}

async function searchBookings(actor: Actor, reference: string): Promise<SearchHit[]> {
  if (!REFERENCE.test(reference)) return [];
  try {
    const booking = await getBookingByReference(actor, reference);
    const { id, status, userId, event } = booking;
    return [{ kind: 'booking', id, title: booking.reference, detail: event.title, status, userId, bookingId: id }];
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}

async function searchTickets(text: string): Promise<SearchHit[]> {
  const ticket = await findTicketByText(text);
  if (!ticket) return [];
  const { id, reference, ticketTypeName, attendeeName, status, bookingId } = ticket;
  const detail = [reference, ticketTypeName, attendeeName].filter(Boolean).join(', ');
  return [{ kind: 'ticket', id, title: String(id), detail, status, userId: null, bookingId }];
}

async function searchLicenses(key: string): Promise<SearchHit[]> {
  const { data } = await listAllLicenses({ ...PAGE, key });
  return data.map(({ id, product, status, userId }) => {
    return { kind: 'license', id, title: product.name, detail: null, status, userId, bookingId: null };
  });
}

/** Finds what admins are asked about: accounts by name or address, bookings, orders, tickets by code or id, licenses by key. */
export async function searchEverything(actor: Actor, text: string): Promise<SearchHit[]> {
  const found = await Promise.all([
    searchBookings(actor, text),
    searchOrders(text),
    searchTickets(text),
    searchLicenses(text),
    searchUsers(text),
  ]);
  return found.flat();
}
