import { createHash } from 'node:crypto';
import { formatMoney } from '../lib/money';
import type { EventRow } from '../models/events.model';
import type { TicketTypeRow } from '../models/ticket-types.model';
import { publicUrlOrNull } from './files.urls';

interface Stock {
  /** Null: unlimited. */
  capacity: number | null;
  sold: number;
  held: number;
}

/** How many are left where all these limits bind; null: as many as anybody likes. */
export function freeTicketsOf(...stocks: Stock[]): number | null {
  const free = stocks.map(({ capacity, sold, held }) => (capacity === null ? Infinity : capacity - sold - held));
  const least = Math.min(...free);
  return least === Infinity ? null : least;
}

/** An event as the contract shows it. */
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
    availableTickets: freeTicketsOf(row),
    isFree: row.isFree,
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
    coverImageUrl: publicUrlOrNull(row.coverKey),
    organizerId,
    organizer: {
      id: organizerId,
      firstName: row.organizerFirstName,
      lastName: row.organizerLastName,
      logoUrl: publicUrlOrNull(row.organizerLogoKey),
    },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** A ticket type as the contract shows it. */
export function presentTicketType(
  type: TicketTypeRow,
  event: Pick<EventRow, 'capacity' | 'sold' | 'held' | 'currency'>,
) {
  return {
    id: type.id,
    eventId: type.eventId,
    name: type.name,
    description: type.description || null,
    price: formatMoney(type.price, event.currency),
    quantity: type.capacity ?? (type.isDefault ? event.capacity : null),
    quantityAvailable: freeTicketsOf(type, event),
    salesStart: type.salesStart,
    salesEnd: type.salesEnd,
    minPerBooking: type.minPerBooking,
    maxPerBooking: type.maxPerBooking,
  };
}

/** Types of which nobody can buy anything now, and what their free seats are instead: held where some may come back. */
export function closedTypesOf(event: EventRow, types: TicketTypeRow[]): Map<number, 'held' | 'blocked'> {
  const closed = types.filter((type) => presentTicketType(type, event).quantityAvailable === 0);
  return new Map(closed.map(({ id, held }) => [id, held > 0 ? 'held' : 'blocked']));
}

export function presentEventDetail(row: EventRow, types: TicketTypeRow[]) {
  return { ...presentEvent(row), ticketTypes: types.map((type) => presentTicketType(type, row)) };
}

export type EventDetail = ReturnType<typeof presentEventDetail>;

/** `"<version>-<digest>"`: the digest also tells apart what changes without a new version, such as availability. */
export function eventTag(version: number, detail: EventDetail): string {
  const digest = createHash('sha1').update(JSON.stringify(detail)).digest('base64url').slice(0, 16);
  return `"${version}-${digest}"`;
}
