import { ACTIVE_BOOKING_STATUSES } from '../lib/statuses';

// Expressions shared by many statements.

/** Converts a time to milliseconds since the epoch. */
export const toMs = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;

/** Converts milliseconds since the epoch to a time. */
export const fromMs = (parameter: string): string => `to_timestamp(${parameter} / 1000.0)`;

/** True for bookings that hold or own their tickets. */
export const isActiveBooking = (column: string): string =>
  `${column} IN (${ACTIVE_BOOKING_STATUSES.map((status) => `'${status}'`).join(', ')})`;
