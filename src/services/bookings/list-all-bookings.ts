import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import {
  MAX_COUNTED_ROWS,
  searchBookings,
  type BookingListRow,
  type BookingSearch,
} from '../../models/bookings/search-bookings';
import { getManagedEvent } from '../events/event-access';

export interface ListAllBookings extends BookingSearch {
  page: number;
  limit: number;
  order: 'asc' | 'desc';
}

function present({ createdAt, confirmedAt, cancelledAt, ...row }: BookingListRow) {
  return {
    ...row,
    totalAmount: formatMoney(row.totalAmount, row.currency),
    discountAmount: formatMoney(row.discountAmount, row.currency),
    createdAt: createdAt.toISOString(),
    confirmedAt: confirmedAt?.toISOString() ?? null,
    cancelledAt: cancelledAt?.toISOString() ?? null,
  };
}

/** Lists the bookings of an event. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listEventBookings(actor: Actor, query: ListAllBookings & { eventId: number }) {
  await getManagedEvent(database, actor, query.eventId);
  return listAllBookings(query);
}

/** Lists the bookings of all users. */
export async function listAllBookings({ page, limit, order, ...search }: ListAllBookings) {
  const { rows, total } = await searchBookings(database, search, { order, limit, offset: getOffset({ page, limit }) });
  return toPage(rows.map(present), { page, limit }, { total, bound: MAX_COUNTED_ROWS });
}
