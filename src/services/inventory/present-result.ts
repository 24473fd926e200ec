import type { BookingResult, CheckoutResult, JoinResult, StoredResult } from '../../models/inventory/types';
import { presentBooking } from '../bookings/present-booking';
import { presentCheckout } from '../orders/present-checkout';
import { presentWaitlistEntry } from '../waitlist/present-waitlist-entry';
import type { Results } from './rules/commands';

type PresentedBooking = ReturnType<typeof presentBooking>;
type PresentedWaitlistEntry = ReturnType<typeof presentWaitlistEntry>;
type PresentedOrder = ReturnType<typeof presentCheckout>;

/** Returns a booking as a response; for a replay, the stored response. */
export function presentBookingResult(result: Results['book']): PresentedBooking {
  return 'stored' in result ? (result.stored as PresentedBooking) : presentBooking(result.booking, result.event);
}

/** Returns a waitlist entry as a response; for a replay, the stored response. */
export function presentJoinResult(result: Results['join']): PresentedWaitlistEntry {
  if ('stored' in result) return result.stored as PresentedWaitlistEntry;
  return presentWaitlistEntry(result.waitlistEntry, result.event, result.position);
}

/** Returns a new order as a response; for a replay, the stored response. Undefined if the order has to be read. */
export function presentCheckoutResult(result: CheckoutResult | StoredResult): PresentedOrder | undefined {
  if ('stored' in result) return result.stored as PresentedOrder;
  return result.checkout ? presentCheckout(result.checkout) : undefined;
}

export function presentResult(result: BookingResult | JoinResult | CheckoutResult | StoredResult): unknown {
  if ('checkout' in result) return presentCheckoutResult(result);
  return 'waitlistEntry' in result ? presentJoinResult(result) : presentBookingResult(result);
}
