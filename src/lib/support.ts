import type { SupportPriority } from './statuses';

const NUMBER = /^(?:s-?)?0*(\d{1,10})$/i;
const DIGITS = 6;

/** Returns the number by which people name a support ticket: `S-000123`. */
export function toSupportNumber(id: number): string {
  return `S-${String(id).padStart(DIGITS, '0')}`;
}

/** Returns the id of a number as somebody types it; undefined if it is none. */
export function parseSupportNumber(text: string): number | undefined {
  const digits = NUMBER.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const FACTORS: Record<SupportPriority, number> = { low: 2, normal: 1, high: 1 / 3, urgent: 1 / 6 };
const HOUR_MS = 3_600_000;

/** Returns when the first response is due; `hours` is the time for normal priority. */
export function getFirstResponseDue(createdAt: Date, priority: SupportPriority, hours: number): Date {
  return new Date(createdAt.getTime() + Math.round(hours * FACTORS[priority] * HOUR_MS));
}

/** Days within which the customer can reopen a closed support ticket. */
export const REOPEN_DAYS = 14;
/** Days after which a resolved support ticket is closed. */
export const CLOSE_DAYS = 7;

export function isPastReopening(closedAt: Date | null, now: number): boolean {
  return closedAt !== null && now - closedAt.getTime() > REOPEN_DAYS * 24 * HOUR_MS;
}
