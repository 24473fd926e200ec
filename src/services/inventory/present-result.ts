import type { BookingResult, JoinResult, StoredResult } from '../../models/inventory/types';
import { presentBooking } from '../bookings/present-booking';
import { presentWaitlistEntry } from '../waitlist/present-waitlist-entry';
import type { Results } from './rules/commands';

type PresentedBooking = ReturnType<typeof presentBooking>;
type PresentedWaitlistEntry = ReturnType<typeof presentWaitlistEntry>;

/** Returns a booking as a response; for a replay, the stored response. */
export function presentBookingResult(result: Results['book']): PresentedBooking {
  return 'stored' in result ? (result.stored as PresentedBooking) : presentBooking(result.booking, result.event);
}

/** Returns a waitlist entry as a response; for a replay, the stored response. */
export function presentJoinResult(result: Results['join']): PresentedWaitlistEntry {
  if ('stored' in result) return result.stored as PresentedWaitlistEntry;
  return presentWaitlistEntry(result.waitlistEntry, result.event, result.position);
}

export function presentResult(result: BookingResult | JoinResult | StoredResult): unknown {
  return 'waitlistEntry' in result ? presentJoinResult(result) : presentBookingResult(result);
}
