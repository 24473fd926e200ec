import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { getBookingStats, type BookingStats } from '../bookings/booking-stats';
import { getManagedEvent } from './event-access';
import { presentTicketType } from './present-event';
import { reportRevenue } from '../payments/report-revenue';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';
import { countCheckIns } from '../tickets/check-in';

/** Returns a share rounded to four decimals; null if `whole` is null or 0. */
function getShare(part: number, whole: number | null): number | null {
  return whole === null || whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

function getCancellationRate({ totals }: BookingStats): number | null {
  return getShare(totals.cancelled, totals.confirmed + totals.cancelled);
}

/** Returns the sales figures of an event. @throws AppError NOT_FOUND, FORBIDDEN */
export async function getEventStats(actor: Actor, eventId: number) {
  const event = await getManagedEvent(database, actor, eventId);
  const types = await listTypesOfEvent(database, eventId);
  const stats = await getBookingStats(event);
  const { revenue, ofType } = await reportRevenue(event);
  const checkIns = await countCheckIns(eventId);
  const { capacity, sold, held, currency } = event;
  const { pending, confirmed, cancelled, expired } = stats.totals;
  return {
    eventId,
    totalTickets: capacity,
    availableTickets: event.available,
    sold,
    held,
    waiting: event.waiting,
    revenue,
    currency,
    capacityUse: getShare(sold, capacity),
    cancellationRate: getCancellationRate(stats),
    bookings: { pending, confirmed, cancelled, expired },
    bookingsPerDay: stats.perDay,
    byTicketType: types.map((type) => {
      const { id, name, price, quantity, quantityAvailable } = presentTicketType(type, event);
      return {
        ticketTypeId: id,
        name,
        price,
        quantity,
        quantityAvailable,
        sold: type.sold,
        held: type.held,
        revenue: ofType(id),
        checkIns: checkIns.get(id) ?? 0,
      };
    }),
    checkIns: [...checkIns.values()].reduce((sum, count) => sum + count, 0),
  };
}
