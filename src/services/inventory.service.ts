import { randomUUID } from 'node:crypto';
import { config } from '../config';
import { brokenConstraint, createKnex, isUnavailable, send, silenceOf, sqlState, type Trx } from '../database';
import { AppError, type ErrorCode } from '../errors';
import { gauge, plainCounter, watchPool } from '../integrations/metrics';
import { traceForAll } from '../integrations/tracing';
import { currentJob } from '../lib/job-context';
import { createLane, PUT_OFF } from '../lib/lane';
import { newReference } from '../lib/reference';
import { logger } from '../logger';
import { findInventoryIds, lockInventory } from '../models/inventory.model';
import { addHealthCheck } from './health.service';
import { decideLocked, runBatch, type Decided } from './inventory.batch';
import { requestBehind, type Command, type Outcome, type ResizeCommand } from './inventory.commands';
import { availabilityMayHaveChanged } from './live.changes.service';
import { wakeRelay } from './outbox.service';

type LaneOutcome = Outcome | typeof PUT_OFF;

const MAX_BATCH = 256;
const MAX_WAIT_MS = 5000;
const LOCK_TIMEOUT = '55P03';
// Decided anew, a batch comes out right: deadlock, serialization, and a unique key that another process took meanwhile.
const TRY_AGAIN = new Set(['40001', '40P01', '23505']);
/** How long an event counts as stuck after somebody held its row for longer than the lock timeout. */
const STUCK_MS = 1000;

// A batch takes milliseconds, and everybody else's bookings wait behind it.
const SILENCE_MS = 5000;
const SILENT_MS = 2000;

const laneDatabase = createKnex(config.databaseUrl ?? '', {
  max: config.inventoryLanes,
  applicationName: 'bilten-inventory',
  silenceMs: SILENCE_MS,
  acquireMs: 3000,
});
const stuckUntil = new Map<number, number>();

// A foreign key's check is planned once per connection; planned while its table was empty it would scan it for every row from then on.
// A process that freezes now holds the events of its batch: for seconds only. How long a statement may run is a limit of the role.
const BATCH_SETTINGS =
  "SET LOCAL enable_seqscan = off; SET LOCAL lock_timeout = '250ms'; SET LOCAL idle_in_transaction_session_timeout = '3s'";

const eventIdsOf = (commands: Command[]): number[] => [...new Set(commands.map(({ eventId }) => eventId))];

/** Takes up the commands of those events whose rows nobody holds; the others are put off, so that one stuck event stalls nobody else. */
async function runUnheld(trx: Trx, commands: Command[], isRetry: boolean): Promise<Decided<LaneOutcome>> {
  const locked = await lockInventory(trx, eventIdsOf(commands), 'skip');
  const lockedIds = new Set(locked.map((row) => row.event_id));
  const existing = new Set(await findInventoryIds(trx, eventIdsOf(commands)));
  const isPutOff = ({ eventId }: Command): boolean => existing.has(eventId) && !lockedIds.has(eventId);
  const taken = commands.filter((command) => !isPutOff(command));
  const { outcomes, written } = await decideLocked(trx, { commands: taken, locked, isRetry });
  let next = 0;
  return { outcomes: commands.map((command) => (isPutOff(command) ? PUT_OFF : outcomes[next++]!)), written };
}

// Those of a transaction that may have been committed without us hearing of it; they are looked up first, also when they were put off.
const doubtful = new WeakSet<Command>();

async function attemptBatch(commands: Command[]): Promise<LaneOutcome[]> {
  const isStuck = eventIdsOf(commands).some((eventId) => (stuckUntil.get(eventId) ?? 0) > performance.now());
  const isRetry = commands.some((command) => doubtful.has(command));
  let handedOver: Command[] = [];
  try {
    const { outcomes, written } = await laneDatabase.transaction(async (trx) => {
      const [, batch] = await Promise.all([
        send(trx, trx.raw(BATCH_SETTINGS)),
        isStuck ? runUnheld(trx, commands, isRetry) : runBatch(trx, commands, isRetry),
      ]);
      handedOver = commands.filter((_, index) => batch.outcomes[index] !== PUT_OFF);
      return batch;
    });
    // Sent ahead of the commit, heard with it.
    await written;
    return outcomes;
  } catch (error) {
    // What a constraint refuses is rolled back for sure.
    if (brokenConstraint(error) === undefined) for (const command of handedOver) doubtful.add(command);
    throw error;
  }
}

async function inHalves(commands: Command[]): Promise<LaneOutcome[]> {
  const middle = Math.ceil(commands.length / 2);
  return [...(await commitBatch(commands.slice(0, middle))), ...(await commitBatch(commands.slice(middle)))];
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const refuseAll = (commands: Command[], error: Error): Outcome[] => commands.map(() => ({ ok: false, error }));

/** By chance somebody has this reference already. A booking that may have been made is known by its own. */
function renewReferences(commands: Command[]): void {
  for (const command of commands)
    if (command.kind === 'book' && !doubtful.has(command)) command.reference = newReference();
}

/**
 * One transaction for all; again where a second try can come out right; by halves to find the command that alone breaks it.
 * Never throws: a half that fails must not take the answers of the other with it.
 */
async function commitBatch(commands: Command[]): Promise<LaneOutcome[]> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (let tries = 1; ; tries += 1) {
    try {
      return await attemptBatch(commands);
    } catch (error) {
      const state = sqlState(error) ?? '';
      const isLate = performance.now() > deadline;
      if (state === LOCK_TIMEOUT && !isLate) {
        for (const eventId of eventIdsOf(commands)) stuckUntil.set(eventId, performance.now() + STUCK_MS);
        continue;
      }
      if (isUnavailable(error)) {
        // Not begun, or rolled back for sure: then saying so at once is better than making people wait.
        const isInDoubt = commands.some((command) => doubtful.has(command));
        if (!isInDoubt || isLate) return refuseAll(commands, new AppError('UNAVAILABLE', undefined, { cause: error }));
        await pause(100 * tries);
        continue;
      }
      if (brokenConstraint(error) === 'bookings_reference_key') renewReferences(commands);
      if (TRY_AGAIN.has(state) && tries <= 3) continue;
      logger.error({ err: error, commands: commands.length }, 'A batch failed');
      if (commands.length === 1) return refuseAll(commands, error as Error);
      return inHalves(commands);
    }
  }
}

const lanes = Array.from({ length: config.inventoryLanes }, () =>
  createLane<Command, Outcome>({
    maxBatch: MAX_BATCH,
    maxQueue: config.inventoryQueueSize,
    maxWaitMs: MAX_WAIT_MS,
    run: (commands) =>
      traceForAll(
        'inventory batch',
        () => commands.map(requestBehind),
        () => commitBatch(commands),
      ),
  }),
);

watchPool('inventory', laneDatabase);
addHealthCheck(() =>
  silenceOf(laneDatabase) > SILENT_MS
    ? { path: 'inventory', message: 'Bookings get no answers from PostgreSQL.' }
    : undefined,
);
gauge({ name: 'bilten_inventory_waiting', help: 'Commands that wait for their batch' }, (set) =>
  set(lanes.reduce((sum, lane) => sum + lane.waiting(), 0)),
);
const countCommand = plainCounter({
  name: 'bilten_inventory_commands_total',
  help: 'What became of bookings and the like: done, replayed, or the code of the refusal',
  labels: ['command', 'outcome'],
});

function nameOf(outcome: Outcome): string {
  if (outcome.ok) return outcome.isReplay ? 'replayed' : 'done';
  return outcome.error instanceof AppError ? outcome.error.code : 'failed';
}

export interface Settled<T> {
  value: T;
  /** The idempotency key was met before: `value` is the first answer. */
  isReplay: boolean;
}

/**
 * Has a command decided with whatever else waits; resolves when it is committed.
 * @throws AppError the rule that said no; UNAVAILABLE
 */
export async function settle<T>(command: Command): Promise<Settled<T>> {
  // One event's commands share a lane, so that two lanes of a process never wait for one another's row.
  command.causedBy ??= currentJob()?.requestId;
  const lane = lanes[command.eventId % lanes.length]!;
  const outcome = await lane.submit(command).catch((error: Error): Outcome => ({ ok: false, error }));
  countCommand(command.kind, nameOf(outcome));
  if (!outcome.ok) throw outcome.error;
  wakeRelay();
  availabilityMayHaveChanged(command.eventId);
  return { value: outcome.value() as T, isReplay: outcome.isReplay ?? false };
}

/** Has many commands decided; those refused with one of `expected` are passed over. Returns how many took effect. */
export async function settleAll(commands: Command[], expected: ErrorCode[]): Promise<number> {
  const settled = await Promise.all(
    commands.map((command) =>
      settle(command).then(
        ({ value }) => value !== false,
        (error: unknown) => {
          if (error instanceof AppError && expected.includes(error.code)) return false;
          throw error;
        },
      ),
    ),
  );
  return settled.filter(Boolean).length;
}

/**
 * Step: sets capacities within the caller's transaction; new tickets go to the waitlist first.
 * @throws AppError CAPACITY_BELOW_BOOKED
 */
export async function resizeInventory(
  trx: Trx,
  sizes: Pick<ResizeCommand, 'eventId' | 'capacity' | 'types'>,
): Promise<void> {
  const { outcomes, written } = await runBatch(trx, [{ kind: 'resize', requestId: randomUUID(), ...sizes }]);
  await written;
  const [outcome] = outcomes;
  if (outcome && !outcome.ok) throw outcome.error;
  trx.executionPromise?.then(
    () => {
      wakeRelay();
      availabilityMayHaveChanged(sizes.eventId);
    },
    () => undefined,
  );
}

/** Waits for what is being decided, then closes the engine's connections. */
export async function closeInventory(): Promise<void> {
  await Promise.all(lanes.map((lane) => lane.idle()));
  await laneDatabase.destroy();
}
