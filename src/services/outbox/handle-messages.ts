import { database } from '../../database';
import { createBatcher } from '../../lib/batcher';
import { createHistogram } from '../../integrations/metrics';
import { traceFailure, traceJob } from '../../integrations/tracing';
import { runInJob } from '../../runtime/job-context';
import { cutText } from '../../lib/text/cut-text';
import { logger } from '../../logger';
import {
  leaseMessages,
  recordOutcomes,
  renewLeases,
  type LeasedMessage,
  type Outcome,
} from '../../models/outbox/message-states';
import type { Topic } from '../../models/outbox/messages';
import { forgetEffects, rememberEffect, listRememberedEffects, retryUntilRecorded } from './unrecorded-effects';

export { advanceMessage, insertEffect as recordEffect, type LeasedMessage } from '../../models/outbox/message-states';

/** Handles a message. Resolves with the name of its last step if that took effect outside the database. */
export type Handler = (message: LeasedMessage) => Promise<string | void>;

const LEASE_SECONDS = 6;
const RENEW_MS = 2000;
export const MAX_ATTEMPTS = 10;
const MAX_ERROR_CHARACTERS = 1000;

/** Returns the retry delay: 1 s after the first failure, tripled after each further one up to an hour, with ±10% jitter. */
function getDelaySeconds(attempts: number): number {
  return Math.min(3 ** (attempts - 1), 3600) * (0.9 + Math.random() * 0.2);
}

/** Returns the outcome of a message that failed: it is delayed, or parked. */
function toFailure({ id, attempts }: LeasedMessage, reason: unknown): Outcome {
  const error = cutText(reason instanceof Error ? reason.message : String(reason), { max: MAX_ERROR_CHARACTERS });
  const facts = { attempts, err: reason };
  if (attempts >= MAX_ATTEMPTS) {
    logger.error(facts, 'A message is parked after too many failures');
    return { id, status: 'parked', attempts, error };
  }
  logger.warn(facts, 'A message failed and will be retried');
  return { id, status: 'delayed', attempts, error, delaySeconds: getDelaySeconds(attempts) };
}

const jobSeconds = createHistogram({
  name: 'bilten_job_duration_seconds',
  help: 'Duration of job attempts by message topic and outcome: done, delayed for a retry, or parked',
  labels: ['job', 'outcome'],
});

/** Makes one attempt at handling a message. */
async function attemptMessage(message: LeasedMessage, handler: Handler): Promise<Outcome> {
  const start = performance.now();
  const { id } = message;
  let outcome: Outcome;
  try {
    // Each earlier attempt ended with its process, so the message is not given to another one.
    if (message.attempts > MAX_ATTEMPTS) throw new Error('The handlers of this message did not return.');
    message.effects.push(...listRememberedEffects(id));
    const effect = (await handler(message)) ?? listRememberedEffects(id)[0];
    if (effect !== undefined) rememberEffect(id, effect);
    logger.info({ ms: Math.round(performance.now() - start) }, 'job');
    outcome = { id, status: 'done', effect };
  } catch (error) {
    traceFailure(error);
    outcome = toFailure(message, error);
  }
  jobSeconds.observe({ job: message.topic, outcome: outcome.status }, (performance.now() - start) / 1000);
  return outcome;
}

function attemptInContext(message: LeasedMessage, handler: Handler): Promise<Outcome> {
  const { id: messageId, topic: job, payload } = message;
  const requestId = message.requestId ?? undefined;
  const { traceparent } = payload as { traceparent?: string };
  return traceJob({ name: job, traceparent, requestId, messageId }, (traceId) =>
    runInJob({ job, messageId, requestId, traceId }, () => attemptMessage(message, handler)),
  );
}

// Outcomes are recorded in sets, but none waits for others: until it is recorded, a crash would repeat a mail.
const recordTogether = createBatcher(async (outcomes: Outcome[]) => {
  await recordOutcomes(database, outcomes);
  return outcomes.map(() => undefined);
});

async function record(outcome: Outcome): Promise<void> {
  if (outcome.status === 'done' && outcome.effect !== undefined)
    await retryUntilRecorded(() => recordTogether(outcome));
  else await recordTogether(outcome);
  if (outcome.status === 'done') forgetEffects(outcome.id);
}

/**
 * Handles a chunk of messages exclusively, under leases that are renewed as long as this process lives. A failed message is retried
 * later by itself, and parked after ten failures.
 */
export async function handleMessages(ids: number[], getHandler: (topic: Topic) => Handler): Promise<void> {
  const messages = await leaseMessages(database, ids, LEASE_SECONDS);
  const unfinished = new Set(messages.map(({ id }) => id));
  const heartbeat = setInterval(() => {
    renewLeases(database, [...unfinished], LEASE_SECONDS).catch((error: Error) =>
      logger.debug({ err: error }, 'Failed to renew leases'),
    );
  }, RENEW_MS);
  const handled = messages.map(async (message) => {
    await record(await attemptInContext(message, getHandler(message.topic)));
    unfinished.delete(message.id);
  });
  // Leases are renewed until the last message is finished, also if an earlier one could not be recorded.
  const results = await Promise.allSettled(handled);
  clearInterval(heartbeat);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
