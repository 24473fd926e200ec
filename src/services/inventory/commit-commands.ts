import { config } from '../../config';
import {
  getBrokenConstraint,
  createKnex,
  isRolledBack,
  isUnavailable,
  send,
  getSilenceMs,
  getSqlState,
  type Trx,
} from '../../database';
import { AppError } from '../../errors';
import { watchPool } from '../../integrations/metrics';
import { DEFERRED } from '../../lib/command-batcher';
import { createReference } from '../../runtime/references';
import { logger } from '../../logger';
import { findStockedIds, lockProducts } from '../../models/inventory/products';
import { findInventoryIds, lockInventory, type LockedRow } from '../../models/inventory/read-state';
import { lockUnheldRows } from '../../models/inventory/lock-rows';
import { addHealthCheck } from '../health.service';
import { decideLocked, runBatch, type Decided } from './run-batch';
import { getInventoryKeys, type Command, type Outcome } from './rules/commands';
import { getNeededRows, listRowKeys } from './row-keys';
import * as backoff from './backoff';

export type BatchOutcome = Outcome | typeof DEFERRED;

export const MAX_WAIT_MS = 5000;
const REFERENCE_KEYS = new Set(['bookings_reference_key', 'orders_order_number_key']);
const LOCK_NOT_AVAILABLE = '55P03';
// Errors that a retry can resolve: deadlock, serialization failure, and a unique key that another process took in the meantime.
const RETRY_STATES = new Set(['40001', '40P01', '23505']);
/** A batch that waits for an unknown row is split into at most this many parts. */
const MAX_PARTS = 16;

// A batch takes milliseconds and all other bookings wait behind it, so a silent connection is given up early.
const SILENCE_MS = 5000;
const UNHEALTHY_SILENCE_MS = 2000;

const batchDatabase = createKnex(config.databaseUrl ?? '', {
  max: config.inventoryLanes,
  applicationName: 'bilten-inventory',
  silenceMs: SILENCE_MS,
  acquireMs: 3000,
});
watchPool('inventory', batchDatabase);
addHealthCheck(() =>
  getSilenceMs(batchDatabase) > UNHEALTHY_SILENCE_MS
    ? { path: 'inventory', message: 'PostgreSQL does not respond to bookings.' }
    : undefined,
);

// Statements of a batch are planned once and keep their plan, since planning took 4.5 ms of the 8 ms that a batch cost PostgreSQL.
// The same goes for foreign key checks. A plan made while a table was nearly empty must not read all of it for every batch later, so
// every plan has to go by indexes, row by row. A process that freezes holds the events of its batch, so its idle transaction ends
// after 3 s. The statement timeout is set on the role.
const toBatchSettings = (lockTimeoutMs: number): string =>
  [
    'SET LOCAL plan_cache_mode = force_generic_plan',
    ...['seqscan', 'hashjoin', 'mergejoin'].map((method) => `SET LOCAL enable_${method} = off`),
    `SET LOCAL lock_timeout = '${lockTimeoutMs}ms'`,
    "SET LOCAL idle_in_transaction_session_timeout = '3s'",
  ].join('; ');
/** What holds during the transaction of a batch. */
export const DEFAULT_SETTINGS = toBatchSettings(250);
const CAREFUL_SETTINGS = toBatchSettings(100);

const listKeys = (commands: Command[]): number[] => [...new Set(commands.flatMap(getInventoryKeys))];
const isEvent = (key: number): boolean => key > 0;
const deferAll = (commands: Command[]): BatchOutcome[] => commands.map(() => DEFERRED);

/** Returns an outcome for each command; commands that are not in `taken` are deferred. */
function fillInOutcomes(commands: Command[], taken: Command[], outcomes: BatchOutcome[]): BatchOutcome[] {
  const outcomesByCommand = new Map<Command, BatchOutcome>();
  taken.forEach((command, index) => outcomesByCommand.set(command, outcomes[index]!));
  return commands.map((command) => outcomesByCommand.get(command) ?? DEFERRED);
}

/**
 * Decides the commands whose rows are all free and defers the others, so a transaction that holds a row of any table stalls
 * only the commands that need that row.
 */
async function runSkippingLocked(trx: Trx, commands: Command[], isRetry: boolean): Promise<Decided<BatchOutcome>> {
  const keys = listKeys(commands);
  const { locked, heldKeys } = await lockInventoryKeys(trx, keys);
  const open = commands.filter((command) => !getInventoryKeys(command).some((key) => heldKeys.has(key)));
  const rows = open.length > 0 ? await lockUnheldRows(trx, getNeededRows(open)) : [];
  backoff.recordHeldRows(rows, [...heldKeys]);
  const taken = open.filter((command) => !backoff.hasHeldKey(listRowKeys(command)));
  if (taken.length === 0) return { outcomes: deferAll(commands), written: Promise.resolve() };
  const takenKeys = new Set(listKeys(taken));
  const { outcomes, written } = await decideLocked(trx, {
    commands: taken,
    locked: locked.filter((row) => takenKeys.has(row.event_id)),
    isRetry,
  });
  return { outcomes: fillInOutcomes(commands, taken, outcomes), written };
}

/** Locks inventory rows, without waiting for those that may be stuck. Returns those of events, and the keys of rows that are held. */
async function lockInventoryKeys(trx: Trx, keys: number[]): Promise<{ locked: LockedRow[]; heldKeys: Set<number> }> {
  const [stuck, free] = [keys.filter(backoff.isStuck), keys.filter((key) => !backoff.isStuck(key))];
  const toProductIds = (among: number[]): number[] => among.filter((key) => !isEvent(key)).map((key) => -key);
  const locked = await lockInventory(trx, free.filter(isEvent));
  if (stuck.some(isEvent)) locked.push(...(await lockInventory(trx, stuck.filter(isEvent), 'skip')));
  await lockProducts(trx, toProductIds(free));
  const lockedProducts = await lockProducts(trx, toProductIds(stuck), 'skip');
  if (stuck.length === 0) return { locked, heldKeys: new Set() };
  const lockedKeys = new Set([...locked.map((row) => row.event_id), ...lockedProducts.map((id) => -id)]);
  const existing = [
    ...(await findInventoryIds(trx, stuck.filter(isEvent))),
    ...(await findStockedIds(trx, toProductIds(stuck))).map((id) => -id),
  ];
  return { locked, heldKeys: new Set(existing.filter((key) => !lockedKeys.has(key))) };
}

// Commands of a transaction that may have been committed although its reply was lost. They are looked up before they are decided
// again, even if they were deferred in between.
const possiblyCommitted = new WeakSet<Command>();

async function attemptBatch(commands: Command[], isCareful: boolean): Promise<BatchOutcome[]> {
  const isRetry = commands.some((command) => possiblyCommitted.has(command));
  let executed: Command[] = [];
  try {
    const { outcomes, written } = await batchDatabase.transaction(async (trx) => {
      const [, batch] = await Promise.all([
        send(trx, { text: isCareful ? CAREFUL_SETTINGS : DEFAULT_SETTINGS }),
        isCareful ? runSkippingLocked(trx, commands, isRetry) : runBatch(trx, commands, isRetry),
      ]);
      executed = commands.filter((_, index) => batch.outcomes[index] !== DEFERRED);
      return batch;
    });
    // The writes were sent ahead of the commit; their results arrive with it.
    await written;
    if (isCareful) for (const key of listKeys(executed)) backoff.clearStuckEvent(key);
    return outcomes;
  } catch (error) {
    if (!isRolledBack(error)) for (const command of executed) possiblyCommitted.add(command);
    throw error;
  }
}

/** Splits commands into at most `count` parts, so that those of one event or product stay in order. */
function splitCommands(commands: Command[], count: number): Command[][] {
  const keys = listKeys(commands);
  const size = Math.ceil(keys.length / count);
  const partsByKey = new Map(keys.map((key, index) => [key, Math.floor(index / size)]));
  const parts = new Map<number, Command[]>();
  for (const command of commands) {
    const part = partsByKey.get(getInventoryKeys(command)[0]!) ?? 0;
    parts.set(part, [...(parts.get(part) ?? []), command]);
  }
  return [...parts.values()];
}

/** Commits one part after another, and defers the commands that are in no part. */
async function runParts(commands: Command[], parts: Command[][]): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (const part of parts) outcomes.push(...(await commitBatch(part)));
  return fillInOutcomes(commands, parts.flat(), outcomes);
}

function bisect(commands: Command[]): Promise<BatchOutcome[]> {
  const middle = Math.ceil(commands.length / 2);
  return runParts(commands, [commands.slice(0, middle), commands.slice(middle)]);
}

/** Returns the outcomes of a batch that hit its lock timeout; undefined if the batch should be retried as a careful one. */
async function afterLockTimeout(commands: Command[], wasCareful: boolean): Promise<BatchOutcome[] | undefined> {
  if ((await backoff.checkLockedTables(batchDatabase)) !== 'free') return deferAll(commands);
  const keys = listKeys(commands);
  if (!wasCareful || !keys.every(backoff.isStuck)) {
    backoff.recordTimeout(keys);
    return undefined;
  }
  // Careful batches do not check the row that is held, so the command that needs it is unknown.
  const parts = splitCommands(commands, MAX_PARTS);
  if (parts.length > 1) return runParts(commands, parts);
  for (const key of keys) backoff.isolateEvent(key);
  return deferAll(commands);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const rejectAll = (commands: Command[], error: Error): Outcome[] => commands.map(() => ({ ok: false, error }));

/** Draws new references after one collided. A booking that may have been committed keeps the reference it is found by. */
function renewReferences(commands: Command[]): void {
  for (const command of commands)
    if ((command.kind === 'book' || command.kind === 'checkout') && !possiblyCommitted.has(command)) {
      command.reference = createReference();
      if (command.kind === 'checkout')
        for (const booking of command.bookings.values()) booking.reference = createReference();
    }
}

/**
 * Commits commands in one transaction. Retries errors that a retry can resolve, and bisects a failing batch to find the command
 * that breaks it. Never throws, because a part that fails must not lose the outcomes of the others.
 */
async function commitBatch(commands: Command[]): Promise<BatchOutcome[]> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    const isCareful = backoff.isCareful(listKeys(commands));
    try {
      return await attemptBatch(commands, isCareful);
    } catch (error) {
      const state = getSqlState(error) ?? '';
      const isLate = performance.now() > deadline;
      if (state === LOCK_NOT_AVAILABLE && !isLate) {
        const outcomes = await afterLockTimeout(commands, isCareful);
        if (outcomes) return outcomes;
        continue;
      }
      if (isUnavailable(error)) {
        // If nothing can have been committed, refuse at once rather than keep clients waiting.
        const isInDoubt = commands.some((command) => possiblyCommitted.has(command));
        if (!isInDoubt || isLate) return rejectAll(commands, new AppError('UNAVAILABLE', undefined, { cause: error }));
        await pause(100 * tries);
        continue;
      }
      if (REFERENCE_KEYS.has(getBrokenConstraint(error) ?? '')) renewReferences(commands);
      if (RETRY_STATES.has(state) && tries <= 3) continue;
      logger.error({ err: error, commands: commands.length }, 'A batch failed');
      if (commands.length === 1) return rejectAll(commands, error as Error);
      return bisect(commands);
    }
  }
}

/** Commits commands, those of isolated events in separate transactions. */
async function commitOpen(commands: Command[]): Promise<BatchOutcome[]> {
  const isolated = listKeys(commands).filter(backoff.isIsolated);
  if (isolated.length === 0) return commitBatch(commands);
  const waiting = new Set(isolated.filter((key) => !backoff.isIsolationOver(key)));
  const isIn = (command: Command, keys: { has: (key: number) => boolean }): boolean =>
    getInventoryKeys(command).some((key) => keys.has(key));
  const isolatedKeys = new Set(isolated);
  const others = commands.filter((command) => !isIn(command, isolatedKeys));
  const due = commands.filter((command) => isIn(command, isolatedKeys) && !isIn(command, waiting));
  const parts = [others, ...(due.length > 0 ? splitCommands(due, listKeys(due).length) : [])];
  const outcomes = await runParts(
    commands,
    parts.filter((part) => part.length > 0),
  );
  commands.forEach((command, index) => {
    if (outcomes[index] !== DEFERRED) for (const key of getInventoryKeys(command)) backoff.endIsolation(key);
  });
  return outcomes;
}

/** Commits commands and returns the outcome of each, or DEFERRED. */
export async function commitCommands(commands: Command[]): Promise<BatchOutcome[]> {
  if (backoff.isTableLocked()) {
    const tables = await backoff.checkLockedTables(batchDatabase);
    if (tables === 'locked') return deferAll(commands);
    if (tables === 'locked for long')
      return rejectAll(
        commands,
        new AppError('UNAVAILABLE', 'Booking is paused. Try again in a few seconds.', { retryAfter: 5 }),
      );
  }
  const open = backoff.hasHeldRows()
    ? commands.filter((command) => !backoff.hasHeldKey(listRowKeys(command)))
    : commands;
  if (open.length === 0) return deferAll(commands);
  const outcomes = await commitOpen(open);
  return open === commands ? outcomes : fillInOutcomes(commands, open, outcomes);
}

export async function closeCommit(): Promise<void> {
  await batchDatabase.destroy();
}
