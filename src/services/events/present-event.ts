import { formatMoney } from '../../lib/money/money';
import type { EventRow, EventStatus } from '../../models/events/events';
import type { TicketTypeRow } from '../../models/ticket-types.model';
import { getPublicUrlOrNull } from '../files/file-urls';
import { isWithinSales } from '../../lib/bookings/sales';

interface InventoryCounts {
  /** Null: unlimited. */
  capacity: number | null;
  sold: number;
  held: number;
}

/** Returns how many tickets are available under all these limits; null if unlimited. */
function countAvailable(...stocks: InventoryCounts[]): number | null {
  const free = stocks.map(({ capacity, sold, held }) => (capacity === null ? Infinity : capacity - sold - held));
  const least = Math.min(...free);
  return least === Infinity ? null : least;
}

/** The fields that decide whether tickets of an event can be bought; for a draft, whether they could be once published. */
export interface Sale extends InventoryCounts {
  status: EventStatus;
  startDate: Date;
  endDate: Date;
  maxPerUser: number | null;
  isOrganizerSuspended: boolean;
}

export interface SaleOfType extends InventoryCounts {
  salesStart: Date | null;
  salesEnd: Date | null;
  minPerBooking: number;
}

/** Returns how many tickets of a type can be bought now; null if unlimited. The event row has the same figure as `available`. */
export function countOnSale(type: SaleOfType, event: Sale, now = new Date()): number | null {
  const isOpen =
    (event.status === 'published' || event.status === 'draft') &&
    !event.isOrganizerSuspended &&
    now < event.endDate &&
    isWithinSales({ ...type, startsAt: event.startDate }, now) &&
    type.minPerBooking <= (event.maxPerUser ?? Infinity);
  if (!isOpen) return 0;
  const free = countAvailable(type, event);
  return free !== null && free < type.minPerBooking ? 0 : free;
}

const formatMoneyOrNull = (amount: string | null, currency: string): string | null =>
  amount === null ? null : formatMoney(amount, currency);

/** Returns an event as the API shows it. */
export function presentEvent(row: EventRow) {
  const { id, organizerId, capacity, currency } = row;
  return {
    id,
    title: row.title,
    description: row.description || null,
    category: row.category,
    tags: row.tags,
    venueName: row.venueName,
    venueAddress: row.venueAddress,
    startDate: row.startDate,
    endDate: row.endDate,
    timezone: row.timezone,
    totalTickets: capacity,
    availableTickets: row.available,
    isFree: row.isFree,
    minPrice: formatMoneyOrNull(row.minPrice, currency),
    maxPrice: formatMoneyOrNull(row.maxPrice, currency),
    basePrice: formatMoney(row.basePrice, currency),
    currency,
    taxRate: row.taxRate,
    taxInclusive: row.taxInclusive,
    status: row.status,
    cancellationWindowHours: row.cancellationWindowHours,
    refundPolicy: row.refundPolicy,
    maxPerUser: row.maxPerUser,
    allowMultipleBookings: row.allowMultipleBookings,
    sendTicketsToAttendees: row.sendTicketsToAttendees,
    metadata: row.metadata,
    coverImageUrl: getPublicUrlOrNull(row.coverKey),
    coverImageAlt: row.coverImageAlt,
    organizerId,
    organizer: {
      id: organizerId,
      firstName: row.organizerFirstName,
      lastName: row.organizerLastName,
      logoUrl: getPublicUrlOrNull(row.organizerLogoKey),
    },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Returns a ticket type as the API shows it. */
export function presentTicketType(type: TicketTypeRow, event: Sale & Pick<EventRow, 'currency'>) {
  return {
    id: type.id,
    eventId: type.eventId,
    name: type.name,
    description: type.description || null,
    price: formatMoney(type.price, event.currency),
    quantity: type.capacity ?? (type.isDefault ? event.capacity : null),
    quantityAvailable: countOnSale(type, event),
    salesStart: type.salesStart,
    salesEnd: type.salesEnd,
    minPerBooking: type.minPerBooking,
    maxPerBooking: type.maxPerBooking,
  };
}

/** Lists the types that cannot be bought now, with the status to show for their free seats: `held` if tickets may be released. */
export function listClosedTypes(event: EventRow, types: TicketTypeRow[]): Map<number, 'held' | 'blocked'> {
  const closed = types.filter((type) => countOnSale(type, event) === 0);
  return new Map(closed.map(({ id, held }) => [id, held > 0 ? 'held' : 'blocked']));
}

export function presentEventDetail(row: EventRow, types: TicketTypeRow[]) {
  return { ...presentEvent(row), ticketTypes: types.map((type) => presentTicketType(type, row)) };
}

export type EventDetail = ReturnType<typeof presentEventDetail>;
