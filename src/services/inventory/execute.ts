import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import type { Trx } from '../../database';
import { AppError, type ErrorCode } from '../../errors';
import { registerGauge, createCounter } from '../../integrations/metrics';
import { traceBatch } from '../../integrations/tracing';
import { getCurrentJob } from '../../runtime/job-context';
import { createCommandBatcher } from '../../lib/command-batcher';
import { runBatch } from './run-batch';
import {
  getEventIds,
  getInventoryKeys,
  getRequestId,
  type Command,
  type Outcome,
  type ResizeCommand,
  type Results,
} from './rules/commands';
import { closeCommit, commitCommands, MAX_WAIT_MS } from './commit-commands';
import { notifyAvailabilityChanged } from '../realtime/realtime-updates';
import { noteRush, wakeRelay } from '../outbox/add-messages';

const MAX_BATCH_SIZE = 256;
// Each batch costs about a millisecond, so smaller halves would cost more than they gain.
const HALVE_ABOVE = 48;
/** A batch of more commands than this is part of a rush. */
const RUSH_ABOVE = 16;

const batchers = Array.from({ length: config.inventoryLanes }, () =>
  createCommandBatcher<Command, Outcome>({
    maxBatch: MAX_BATCH_SIZE,
    halveAbove: HALVE_ABOVE,
    maxQueue: config.inventoryQueueSize,
    maxWaitMs: MAX_WAIT_MS,
    run: (commands) => {
      if (commands.length > RUSH_ABOVE) noteRush();
      return traceBatch(
        'inventory batch',
        () => commands.map(getRequestId),
        () => commitCommands(commands),
      );
    },
  }),
);

registerGauge({ name: 'bilten_inventory_waiting', help: 'Commands waiting for their batch' }, (set) =>
  set(batchers.reduce((sum, batcher) => sum + batcher.waiting(), 0)),
);
const countCommand = createCounter({
  name: 'bilten_inventory_commands_total',
  help: 'Commands by outcome: done, replayed, failed, or the error code of the refusal',
  labels: ['command', 'outcome'],
});

function getOutcomeLabel(outcome: Outcome): string {
  if (outcome.ok) return outcome.isReplay ? 'replayed' : 'done';
  return outcome.error instanceof AppError ? outcome.error.code : 'failed';
}

export interface CommandResult<T> {
  value: T;
  /** The idempotency key was used before, and `value` is the first result. */
  isReplay: boolean;
}

/**
 * Submits a command to the next batch and returns its result once the batch is committed.
 * @throws AppError with the code of the rule that refused the command; UNAVAILABLE
 */
export async function execute<C extends Command>(command: C): Promise<CommandResult<Results[C['kind']]>>;
export async function execute(command: Command): Promise<CommandResult<unknown>> {
  // All commands of an event go to the same batcher, so two batchers of a process rarely wait for each other's rows.
  command.causedBy ??= getCurrentJob()?.requestId;
  const batcher = batchers[Math.abs(getInventoryKeys(command)[0] ?? 0) % batchers.length]!;
  const outcome = await batcher.submit(command).catch((error: Error): Outcome => ({ ok: false, error }));
  countCommand(command.kind, getOutcomeLabel(outcome));
  if (!outcome.ok) throw outcome.error;
  wakeRelay();
  for (const eventId of getEventIds(command)) notifyAvailabilityChanged(eventId);
  return { value: outcome.value, isReplay: outcome.isReplay ?? false };
}

/** Executes many commands, ignoring refusals with an `expected` code. Returns how many commands took effect. */
export async function executeAll(commands: Command[], expected: ErrorCode[]): Promise<number> {
  const results = await Promise.all(
    commands.map((command) =>
      execute(command).then(
        ({ value }) => value !== false,
        (error: unknown) => {
          if (error instanceof AppError && expected.includes(error.code)) return false;
          throw error;
        },
      ),
    ),
  );
  return results.filter(Boolean).length;
}

/** Step: executes a command in the caller's transaction. @throws AppError with the code of the rule that refused it */
export async function executeIn<C extends Command>(trx: Trx, command: C): Promise<Results[C['kind']]>;
export async function executeIn(trx: Trx, command: Command): Promise<unknown> {
  const { outcomes, written } = await runBatch(trx, [command]);
  await written;
  const outcome = outcomes[0]!;
  if (!outcome.ok) throw outcome.error;
  trx.executionPromise?.then(
    () => {
      wakeRelay();
      for (const eventId of getEventIds(command)) notifyAvailabilityChanged(eventId);
    },
    () => undefined,
  );
  return outcome.value;
}

/**
 * Step: sets capacities in the caller's transaction; new tickets are offered to the waitlist first.
 * @throws AppError CAPACITY_BELOW_BOOKED
 */
export async function resizeInventory(
  trx: Trx,
  sizes: Pick<ResizeCommand, 'eventId' | 'capacity' | 'types'>,
): Promise<void> {
  await executeIn(trx, { kind: 'resize', requestId: randomUUID(), ...sizes });
}

/** Waits for running batches, then closes the engine's connections. */
export async function closeInventory(): Promise<void> {
  await Promise.all(batchers.map((batcher) => batcher.idle()));
  await closeCommit();
}
