import { toIsoTime, toIsoTimeOrNull, presentEventSummary, type EventSummarySource } from '../bookings/present-booking';
import type { WaitlistEntryState } from '../../models/inventory/types';

/** Returns a waitlist entry as the API shows it. It has a position only while it is waiting. */
export function presentWaitlistEntry(
  waitlistEntry: WaitlistEntryState,
  event: EventSummarySource,
  position: number | null,
) {
  const { id, eventId, ticketTypeId, ticketsCount, acceptFewer, status, joinedAt } = waitlistEntry;
  return {
    id,
    eventId,
    event: presentEventSummary(event),
    ticketTypeId,
    ticketsCount,
    acceptFewer,
    status,
    position: status === 'waiting' ? position : null,
    joinedAt: toIsoTime(joinedAt),
    offeredCount: status === 'waiting' ? null : waitlistEntry.offeredCount,
    offerExpiresAt: status === 'offered' ? toIsoTimeOrNull(waitlistEntry.offerExpiresAt) : null,
  };
}
