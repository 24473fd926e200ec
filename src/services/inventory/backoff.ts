import type { Db } from '../../database';
import { logger } from '../../logger';
import { listLockedTables, type HeldRow } from '../../models/inventory/lock-rows';
import { toRowKeys, type RowKey } from './row-keys';

// Remembers which locks other transactions hold for a long time, so that batches do not wait for them.

const STUCK_MS = 1000;
const MAX_STUCK_MS = 8000;
/** After a held row was found, batches check rows before they need them for this long. */
const CAREFUL_MS = 10_000;
const ISOLATION_MS = 500;
const MAX_ISOLATION_MS = 4000;
/** A table locked for longer than this counts as `locked for long`. */
const LOCKED_MS = 1000;
const REMIND_MS = 10_000;
/** How long a held row counts as held before it is checked again. */
const KNOWN_MS = 200;

interface Backoff {
  until: number;
  ms: number;
}

const getMonotonicMs = (): number => performance.now();

/** Starts a backoff, or doubles the previous one. */
function extend(backoffs: Map<number, Backoff>, eventId: number, { first, max }: { first: number; max: number }): void {
  const previous = backoffs.get(eventId);
  const ms = previous ? Math.min(previous.ms * 2, max) : first;
  backoffs.set(eventId, { until: getMonotonicMs() + ms, ms });
  if (backoffs.size <= 1000) return;
  for (const [id, { until }] of backoffs) if (until < getMonotonicMs() - max) backoffs.delete(id);
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

/** Returns whether one of these rows was found held a moment ago. */
export function hasHeldKey(keys: RowKey[]): boolean {
  const time = getMonotonicMs();
  return keys.some((key) => (heldUntil.get(key) ?? 0) > time);
}

/** Records rows, and events by their inventory row, that another transaction holds. Batches stay careful while this goes on. */
export function recordHeldRows(rows: HeldRow[], eventIds: number[]): void {
  for (const [key, until] of heldUntil) if (until < getMonotonicMs()) heldUntil.delete(key);
  const keys = [...rows.flatMap(toRowKeys), ...eventIds.map((id): RowKey => `inventory ${id}`)];
  if (keys.length > 0) anyHeldUntil = getMonotonicMs() + KNOWN_MS;
  for (const key of keys) heldUntil.set(key, anyHeldUntil);
  if (rows.length === 0) return;
  carefulUntil = getMonotonicMs() + CAREFUL_MS;
  if (getMonotonicMs() < nextReminderAt) return;
  nextReminderAt = getMonotonicMs() + REMIND_MS;
  logger.warn({ rows: rows.slice(0, 10) }, 'Commands are waiting for rows held by another transaction');
}

// Events whose inventory row may be held: batches lock the row if it is free, and do not wait for it.

const stuck = new Map<number, Backoff>();

export function isStuck(eventId: number): boolean {
  return (stuck.get(eventId)?.until ?? 0) > getMonotonicMs();
}

export function clearStuckEvent(eventId: number): void {
  stuck.delete(eventId);
}

/** Records that a batch waited too long for an unknown row. Batches are then careful, and do not wait for these events. */
export function recordTimeout(eventIds: number[]): void {
  carefulUntil = Math.max(carefulUntil, getMonotonicMs() + STUCK_MS);
  for (const id of eventIds) extend(stuck, id, { first: STUCK_MS, max: MAX_STUCK_MS });
}

// Events that stall every batch they are in because of a row that careful batches do not check. They run in separate transactions.

const isolated = new Map<number, Backoff>();

export function isIsolated(eventId: number): boolean {
  return isolated.has(eventId);
}

/** Returns whether it is time to try the event again. */
export function isIsolationOver(eventId: number): boolean {
  return (isolated.get(eventId)?.until ?? 0) <= getMonotonicMs();
}

export function isolateEvent(eventId: number): void {
  extend(isolated, eventId, { first: ISOLATION_MS, max: MAX_ISOLATION_MS });
}

export function endIsolation(eventId: number): void {
  isolated.delete(eventId);
}

// Tables locked as a whole, by an operator or for maintenance. Nobody can book in the meantime.

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
    logger.warn({ tables }, 'Tables are locked; booking is not possible');
  }
  if (lockedSince === undefined) return 'free';
  return getMonotonicMs() - lockedSince < LOCKED_MS ? 'locked' : 'locked for long';
}
