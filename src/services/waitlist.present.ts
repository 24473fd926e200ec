import { isoTime, isoTimeOrNull, presentEventSummary, type EventSummarySource } from './bookings.present';
import type { EntryState } from '../models/inventory.types';

/** A waitlist entry as the contract shows it; it has a position only while it waits. */
export function presentEntry(entry: EntryState, event: EventSummarySource, position: number | null) {
  const { id, eventId, ticketTypeId, ticketsCount, acceptFewer, status, joinedAt } = entry;
  return {
    id,
    eventId,
    event: presentEventSummary(event),
    ticketTypeId,
    ticketsCount,
    acceptFewer,
    status,
    position: status === 'waiting' ? position : null,
    joinedAt: isoTime(joinedAt),
    offeredCount: status === 'waiting' ? null : entry.offeredCount,
    offerExpiresAt: status === 'offered' ? isoTimeOrNull(entry.offerExpiresAt) : null,
  };
}
