import { ACTIVE_BOOKING_STATUSES } from '../lib/statuses';

// Expressions that many statements have.

/** A time in milliseconds since the epoch. */
export const toMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The time that milliseconds since the epoch name. */
export const fromMs = (parameter: string): string => `to_timestamp(${parameter} / 1000.0)`;

/** True for bookings that have their tickets. */
export const isActiveBooking = (column: string): string =>
  `${column} IN (${ACTIVE_BOOKING_STATUSES.map((status) => `'${status}'`).join(', ')})`;
