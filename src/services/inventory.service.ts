import { randomUUID } from 'node:crypto';
import { config } from '../config';
import type { Trx } from '../database';
import { AppError, type ErrorCode } from '../errors';
import { gauge, plainCounter } from '../integrations/metrics';
import { traceForAll } from '../integrations/tracing';
import { currentJob } from '../lib/job-context';
import { createLane } from '../lib/lane';
import { runBatch } from './inventory.batch';
import { requestBehind, type Command, type Outcome, type ResizeCommand } from './inventory.commands';
import { closeCommit, commitCommands, MAX_WAIT_MS } from './inventory.commit';
import { availabilityMayHaveChanged } from './live.changes.service';
import { wakeRelay } from './outbox.service';

const MAX_BATCH = 256;

const lanes = Array.from({ length: config.inventoryLanes }, () =>
  createLane<Command, Outcome>({
    maxBatch: MAX_BATCH,
    maxQueue: config.inventoryQueueSize,
    maxWaitMs: MAX_WAIT_MS,
    run: (commands) =>
      traceForAll(
        'inventory batch',
        () => commands.map(requestBehind),
        () => commitCommands(commands),
      ),
  }),
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
  await closeCommit();
}
