const HOUR_MS = 3_600_000;

// A booking keeps the terms under which it was made. Later terms of the event apply only if they are better for the customer.

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

/** True if the event was rescheduled after the booking was made; the customer can then cancel until it starts, for a full refund. */
export function isReopened({ createdAt }: Pick<BookingTerms, 'createdAt'>, { rescheduledAt }: EventTerms): boolean {
  return rescheduledAt !== null && createdAt < rescheduledAt;
}

/** Returns how many hours before the start cancellation closes; `fallback` applies if the booking or event has no window. */
export function getWindowHours(booking: BookingTerms, event: EventTerms, fallback: number): number {
  if (isReopened(booking, event)) return 0;
  return Math.min(booking.cancellationWindowHours ?? fallback, event.cancellationWindowHours ?? fallback);
}

/** Returns until when a customer can cancel, in milliseconds since the epoch. */
export function getCancellableUntil(booking: BookingTerms, event: EventTerms, fallback: number): number {
  return event.startsAt - getWindowHours(booking, event, fallback) * HOUR_MS;
}

function getPercentByPolicy(policy: RefundPolicy | null, msToStart: number): number {
  return policy === null || msToStart >= policy.fullUntilHours * HOUR_MS ? 100 : policy.thenPercent;
}

/** Returns the percentage of the payment that is refunded if the booking is cancelled at `now`. */
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
