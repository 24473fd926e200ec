import type { Db } from '../../database';
import { logger } from '../../logger';
import { listLockedTables, type HeldRow } from '../../models/inventory/lock-rows';
import { toRowKeys, type RowKey } from './row-keys';

// What this process knows about locks that other transactions hold for long, so that batches do not wait for them.

const STUCK_MS = 1000;
const MAX_STUCK_MS = 8000;
/** How long batches check rows before they need them, after one was found held. */
const CAREFUL_MS = 10_000;
const ISOLATION_MS = 500;
const MAX_ISOLATION_MS = 4000;
/** A table that stays locked for longer than this is treated as locked for long. */
const LOCKED_MS = 1000;
const REMIND_MS = 10_000;
/** How long a row that was found held counts as held, without another look. */
const KNOWN_MS = 200;

interface Backoff {
  until: number;
  ms: number;
}

const getMonotonicMs = (): number => performance.now();

/** Starts a backoff, or doubles the one before. */
function extend(
  backoffs: Map<number, Backoff>,
  eventId: number,
  { first, most }: { first: number; most: number },
): void {
  const before = backoffs.get(eventId);
  const ms = before ? Math.min(before.ms * 2, most) : first;
  backoffs.set(eventId, { until: getMonotonicMs() + ms, ms });
  if (backoffs.size <= 1000) return;
  for (const [id, { until }] of backoffs) if (until < getMonotonicMs() - most) backoffs.delete(id);
}

// Careful batches check which rows are held before they need them.

let carefulUntil = 0;
let nextReminderAt = 0;
const heldUntil = new Map<RowKey, number>();
let anyHeldUntil = 0;

export function isCareful(eventIds: number[]): boolean {
  return getMonotonicMs() < carefulUntil || (stuck.size > 0 && eventIds.some(isStuck));
}

export function hasHeldRows(): boolean {
  return getMonotonicMs() < anyHeldUntil;
}

/** Whether one of these rows was found held a moment ago. */
export function hasHeldKey(keys: RowKey[]): boolean {
  const time = getMonotonicMs();
  return keys.some((key) => (heldUntil.get(key) ?? 0) > time);
}

/** Records rows, and events whose inventory row, another transaction holds: batches stay careful as long as that happens. */
export function recordHeldRows(rows: HeldRow[], eventIds: number[]): void {
  for (const [key, until] of heldUntil) if (until < getMonotonicMs()) heldUntil.delete(key);
  const keys = [...rows.flatMap(toRowKeys), ...eventIds.map((id): RowKey => `inventory ${id}`)];
  if (keys.length > 0) anyHeldUntil = getMonotonicMs() + KNOWN_MS;
  for (const key of keys) heldUntil.set(key, anyHeldUntil);
  if (rows.length === 0) return;
  carefulUntil = getMonotonicMs() + CAREFUL_MS;
  if (getMonotonicMs() < nextReminderAt) return;
  nextReminderAt = getMonotonicMs() + REMIND_MS;
  logger.warn({ rows: rows.slice(0, 10) }, 'Commands wait for rows that another transaction holds');
}

// Events whose inventory row may be held: batches take it if it is free, and do not wait for it.

const stuck = new Map<number, Backoff>();

export function isStuck(eventId: number): boolean {
  return (stuck.get(eventId)?.until ?? 0) > getMonotonicMs();
}

export function clearStuckEvent(eventId: number): void {
  stuck.delete(eventId);
}

/** A batch waited too long, and it is not known for what: batches are careful now, and do not wait for these events. */
export function recordTimeout(eventIds: number[]): void {
  carefulUntil = Math.max(carefulUntil, getMonotonicMs() + STUCK_MS);
  for (const id of eventIds) extend(stuck, id, { first: STUCK_MS, most: MAX_STUCK_MS });
}

// Events that stall every batch they are in, because of a row that is not checked. They get transactions of their own.

const isolated = new Map<number, Backoff>();

export function isIsolated(eventId: number): boolean {
  return isolated.has(eventId);
}

/** Whether it is time to try the event again. */
export function isIsolationOver(eventId: number): boolean {
  return (isolated.get(eventId)?.until ?? 0) <= getMonotonicMs();
}

export function isolateEvent(eventId: number): void {
  extend(isolated, eventId, { first: ISOLATION_MS, most: MAX_ISOLATION_MS });
}

export function endIsolation(eventId: number): void {
  isolated.delete(eventId);
}

// Tables that are locked as a whole, by an operator or for maintenance: nobody can book meanwhile.

let lockedSince: number | undefined;

export function isTableLocked(): boolean {
  return lockedSince !== undefined;
}

/** Checks whether tables that every booking needs are locked. */
export async function checkLockedTables(db: Db): Promise<'free' | 'locked' | 'locked for long'> {
  const tables = await listLockedTables(db).catch(() => []);
  if (tables.length === 0) lockedSince = undefined;
  else if (lockedSince === undefined) {
    lockedSince = getMonotonicMs();
    logger.warn({ tables }, 'Tables are locked: nothing can be booked');
  }
  if (lockedSince === undefined) return 'free';
  return getMonotonicMs() - lockedSince < LOCKED_MS ? 'locked' : 'locked for long';
}
