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
import { findInventoryIds, lockInventory } from '../../models/inventory/read-state';
import { lockUnheldRows } from '../../models/inventory/lock-rows';
import { addHealthCheck } from '../health.service';
import { decideLocked, runBatch, type Decided } from './run-batch';
import type { Command, Outcome } from './rules/commands';
import { getNeededRows, listRowKeys } from './row-keys';
import * as waiting from './backoff';

export type BatchOutcome = Outcome | typeof DEFERRED;

export const MAX_WAIT_MS = 5000;
const LOCK_TIMEOUT = '55P03';
// Decided again, a batch comes out right: deadlock, serialization, and a unique key that another process took meanwhile.
const RETRY_STATES = new Set(['40001', '40P01', '23505']);
/** A batch that waits for something unknown is split into this many parts. */
const PARTS = 16;

// A batch takes milliseconds, and everybody else's bookings wait behind it.
const SILENCE_MS = 5000;
const SILENT_MS = 2000;

const batchDatabase = createKnex(config.databaseUrl ?? '', {
  max: config.inventoryLanes,
  applicationName: 'bilten-inventory',
  silenceMs: SILENCE_MS,
  acquireMs: 3000,
});
watchPool('inventory', batchDatabase);
addHealthCheck(() =>
  getSilenceMs(batchDatabase) > SILENT_MS
    ? { path: 'inventory', message: 'Bookings get no answers from PostgreSQL.' }
    : undefined,
);

// A foreign key's check is planned once per connection; planned while its table was empty it would scan it for every row from then on.
// A process that freezes now holds the events of its batch: for seconds only. How long a statement may run is a limit of the role.
const settings = (lockTimeoutMs: number): string =>
  `SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '${lockTimeoutMs}ms'; SET LOCAL idle_in_transaction_session_timeout = '3s'`;
const DEFAULT_SETTINGS = settings(250);
const CAREFUL_SETTINGS = settings(100);

const listEventIds = (commands: Command[]): number[] => [...new Set(commands.map(({ eventId }) => eventId))];
const deferAll = (commands: Command[]): BatchOutcome[] => commands.map(() => DEFERRED);

/** An outcome for each command; those that are not among the taken ones are deferred. */
function fillInOutcomes(commands: Command[], taken: Command[], outcomes: BatchOutcome[]): BatchOutcome[] {
  const outcomeOf = new Map<Command, BatchOutcome>();
  taken.forEach((command, index) => outcomeOf.set(command, outcomes[index]!));
  return commands.map((command) => outcomeOf.get(command) ?? DEFERRED);
}

/**
 * Decides the commands that find all rows they need free, and defers the others. So a transaction that holds a row, of whichever
 * table, stalls only those who need it.
 */
async function runSkippingLocked(trx: Trx, commands: Command[], isRetry: boolean): Promise<Decided<BatchOutcome>> {
  const eventIds = listEventIds(commands);
  const locked = await lockInventory(
    trx,
    eventIds.filter((id) => !waiting.isStuck(id)),
  );
  const stuck = eventIds.filter(waiting.isStuck);
  if (stuck.length > 0) locked.push(...(await lockInventory(trx, stuck, 'skip')));
  const lockedIds = new Set(locked.map((row) => row.event_id));
  const existing = new Set(stuck.length > 0 ? await findInventoryIds(trx, stuck) : []);
  const heldIds = new Set(stuck.filter((id) => existing.has(id) && !lockedIds.has(id)));
  const open = commands.filter(({ eventId }) => !heldIds.has(eventId));
  const rows = open.length > 0 ? await lockUnheldRows(trx, getNeededRows(open)) : [];
  waiting.recordHeldRows(rows, [...heldIds]);
  const taken = open.filter((command) => !waiting.hasHeldKey(listRowKeys(command)));
  if (taken.length === 0) return { outcomes: deferAll(commands), written: Promise.resolve() };
  const takenIds = new Set(listEventIds(taken));
  const { outcomes, written } = await decideLocked(trx, {
    commands: taken,
    locked: locked.filter((row) => takenIds.has(row.event_id)),
    isRetry,
  });
  return { outcomes: fillInOutcomes(commands, taken, outcomes), written };
}

// Those of a transaction that may have been committed without us hearing of it; they are looked up first, also when they were put off.
const possiblyCommitted = new WeakSet<Command>();

async function attemptBatch(commands: Command[], isCareful: boolean): Promise<BatchOutcome[]> {
  const isRetry = commands.some((command) => possiblyCommitted.has(command));
  let handedOver: Command[] = [];
  try {
    const { outcomes, written } = await batchDatabase.transaction(async (trx) => {
      const [, batch] = await Promise.all([
        send(trx, trx.raw(isCareful ? CAREFUL_SETTINGS : DEFAULT_SETTINGS)),
        isCareful ? runSkippingLocked(trx, commands, isRetry) : runBatch(trx, commands, isRetry),
      ]);
      handedOver = commands.filter((_, index) => batch.outcomes[index] !== DEFERRED);
      return batch;
    });
    // Sent ahead of the commit, heard with it.
    await written;
    if (isCareful) for (const { eventId } of handedOver) waiting.clearStuckEvent(eventId);
    return outcomes;
  } catch (error) {
    if (!isRolledBack(error)) for (const command of handedOver) possiblyCommitted.add(command);
    throw error;
  }
}

/** Splits commands into at most `count` parts, so that no two parts share an event. */
function splitCommands(commands: Command[], count: number): Command[][] {
  const eventIds = listEventIds(commands);
  const size = Math.ceil(eventIds.length / count);
  const partOf = new Map(eventIds.map((id, index) => [id, Math.floor(index / size)]));
  const parts = new Map<number, Command[]>();
  for (const command of commands) {
    const part = partOf.get(command.eventId)!;
    parts.set(part, [...(parts.get(part) ?? []), command]);
  }
  return [...parts.values()];
}

/** Commits one part after another, and defers what is in none. */
async function runParts(commands: Command[], parts: Command[][]): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (const part of parts) outcomes.push(...(await commitBatch(part)));
  return fillInOutcomes(commands, parts.flat(), outcomes);
}

function bisect(commands: Command[]): Promise<BatchOutcome[]> {
  const middle = Math.ceil(commands.length / 2);
  return runParts(commands, [commands.slice(0, middle), commands.slice(middle)]);
}

/** The outcomes of a batch that waited for a lock too long; undefined if it should be tried again, now with care. */
async function afterLockTimeout(commands: Command[], wasCareful: boolean): Promise<BatchOutcome[] | undefined> {
  if ((await waiting.checkLockedTables(batchDatabase)) !== 'free') return deferAll(commands);
  const eventIds = listEventIds(commands);
  if (!wasCareful || !eventIds.every(waiting.isStuck)) {
    waiting.recordTimeout(eventIds);
    return undefined;
  }
  // The row is not among those that are checked, so it is not known who needs it.
  if (eventIds.length > 1) return runParts(commands, splitCommands(commands, PARTS));
  waiting.isolateEvent(eventIds[0]!);
  return deferAll(commands);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const refuseAll = (commands: Command[], error: Error): Outcome[] => commands.map(() => ({ ok: false, error }));

/** By chance somebody has this reference already. A booking that may have been made is known by its own. */
function renewReferences(commands: Command[]): void {
  for (const command of commands)
    if (command.kind === 'book' && !possiblyCommitted.has(command)) command.reference = createReference();
}

/**
 * One transaction for all; again where a second try can come out right; by halves to find the command that alone breaks it.
 * Never throws: a part that fails must not take the answers of the others with it.
 */
async function commitBatch(commands: Command[]): Promise<BatchOutcome[]> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    const isCareful = waiting.isCareful(listEventIds(commands));
    try {
      return await attemptBatch(commands, isCareful);
    } catch (error) {
      const state = getSqlState(error) ?? '';
      const isLate = performance.now() > deadline;
      if (state === LOCK_TIMEOUT && !isLate) {
        const outcomes = await afterLockTimeout(commands, isCareful);
        if (outcomes) return outcomes;
        continue;
      }
      if (isUnavailable(error)) {
        // Not begun, or rolled back for sure: then saying so at once is better than making people wait.
        const isInDoubt = commands.some((command) => possiblyCommitted.has(command));
        if (!isInDoubt || isLate) return refuseAll(commands, new AppError('UNAVAILABLE', undefined, { cause: error }));
        await pause(100 * tries);
        continue;
      }
      if (getBrokenConstraint(error) === 'bookings_reference_key') renewReferences(commands);
      if (RETRY_STATES.has(state) && tries <= 3) continue;
      logger.error({ err: error, commands: commands.length }, 'A batch failed');
      if (commands.length === 1) return refuseAll(commands, error as Error);
      return bisect(commands);
    }
  }
}

/** Commits commands; isolated events are not part of the others' transaction. */
async function commitOpen(commands: Command[]): Promise<BatchOutcome[]> {
  const isolated = listEventIds(commands).filter(waiting.isIsolated);
  if (isolated.length === 0) return commitBatch(commands);
  const due = new Set(isolated.filter(waiting.isIsolationOver));
  const others = commands.filter(({ eventId }) => !isolated.includes(eventId));
  const parts = [
    others,
    ...splitCommands(
      commands.filter(({ eventId }) => due.has(eventId)),
      due.size,
    ),
  ];
  const outcomes = await runParts(
    commands,
    parts.filter((part) => part.length > 0),
  );
  commands.forEach(({ eventId }, index) => {
    if (outcomes[index] !== DEFERRED) waiting.endIsolation(eventId);
  });
  return outcomes;
}

/** Gives each command its outcome, or defers it. */
export async function commitCommands(commands: Command[]): Promise<BatchOutcome[]> {
  if (waiting.isTableLocked()) {
    const tables = await waiting.checkLockedTables(batchDatabase);
    if (tables === 'locked') return deferAll(commands);
    if (tables === 'locked for long')
      return refuseAll(commands, new AppError('UNAVAILABLE', 'Booking is paused for a moment.', { retryAfter: 5 }));
  }
  const open = waiting.hasHeldRows()
    ? commands.filter((command) => !waiting.hasHeldKey(listRowKeys(command)))
    : commands;
  if (open.length === 0) return deferAll(commands);
  const outcomes = await commitOpen(open);
  return open === commands ? outcomes : fillInOutcomes(commands, open, outcomes);
}

export async function closeCommit(): Promise<void> {
  await batchDatabase.destroy();
}
