const HOUR_MS = 3_600_000;

// The terms of a booking are the ones of the moment when it was made. What the event says later counts only where it is better for
// the customer.

/** Part of the price that is refunded on a cancellation later than `fullUntilHours` before the start. Without a policy, all is. */
export interface RefundPolicy {
  fullUntilHours: number;
  thenPercent: number;
}

/** Times are milliseconds since the epoch. */
export interface BookingTerms {
  createdAt: number;
  cancellationWindowHours: number | null;
  refundPolicy: RefundPolicy | null;
}

/** Times are milliseconds since the epoch. */
export interface EventTerms {
  startsAt: number;
  rescheduledAt: number | null;
  cancellationWindowHours: number | null;
}

/** True if the event was moved after the booking was made: then the customer may leave until it starts, with all the money. */
export function isReopened({ createdAt }: Pick<BookingTerms, 'createdAt'>, { rescheduledAt }: EventTerms): boolean {
  return rescheduledAt !== null && createdAt < rescheduledAt;
}

/** How many hours before the start a customer may cancel at the latest; `usual` where booking or event do not say. */
export function getWindowHours(booking: BookingTerms, event: EventTerms, usual: number): number {
  if (isReopened(booking, event)) return 0;
  return Math.min(booking.cancellationWindowHours ?? usual, event.cancellationWindowHours ?? usual);
}

/** Until when a customer may cancel, in milliseconds since the epoch. */
export function getCancellableUntil(booking: BookingTerms, event: EventTerms, usual: number): number {
  return event.startsAt - getWindowHours(booking, event, usual) * HOUR_MS;
}

function getPercentByPolicy(policy: RefundPolicy | null, msToStart: number): number {
  return policy === null || msToStart >= policy.fullUntilHours * HOUR_MS ? 100 : policy.thenPercent;
}

/** How much of what was paid goes back if the booking is cancelled at `now`. */
export function getRefundPercent(
  booking: BookingTerms,
  event: EventTerms & Pick<BookingTerms, 'refundPolicy'>,
  now: number,
): number {
  const msToStart = event.startsAt - now;
  if (isReopened(booking, event) && msToStart >= 0) return 100;
  return Math.max(
    getPercentByPolicy(booking.refundPolicy, msToStart),
    getPercentByPolicy(event.refundPolicy, msToStart),
  );
}
