import { database } from '../../database';
import { createBatcher } from '../../lib/batcher';
import { createHistogram } from '../../integrations/metrics';
import { traceFailure, traceJob } from '../../integrations/tracing';
import { runInJob } from '../../runtime/job-context';
import { cutText } from '../../lib/text';
import { logger } from '../../logger';
import {
  delayMessage,
  finishMessages,
  leaseMessages,
  parkMessage,
  renewLeases,
  type Finished,
  type LeasedMessage,
} from '../../models/outbox/message-states';
import { forgetEffects, rememberEffect, listRememberedEffects, retryUntilRecorded } from './unrecorded-effects';

export { advanceMessage, insertEffect as recordEffect, type LeasedMessage } from '../../models/outbox/message-states';

/** Resolves with the name of its last step, where that took effect outside the database. */
export type Handler = (message: LeasedMessage) => Promise<string | void>;

const LEASE_SECONDS = 6;
const RENEW_MS = 2000;
export const MAX_ATTEMPTS = 10;
const MAX_ERROR_CHARACTERS = 1000;

// Messages are handled many at a time, and taken and given back in sets, so that a commit serves several.
const lease = createBatcher(async (ids: number[]) => {
  const leased = new Map<number, LeasedMessage>();
  for (const message of await leaseMessages(database, ids, LEASE_SECONDS)) leased.set(message.id, message);
  // One that came twice in a set is its first taker's.
  return ids.map((id) => {
    const message = leased.get(id);
    leased.delete(id);
    return message;
  });
});

const finish = createBatcher(async (messages: Finished[]) => {
  await finishMessages(database, messages);
  return messages.map(() => undefined);
});

/** 1 s after the first failure, three times as long after each further one, at most an hour; spread by a fifth. */
function getDelaySeconds(attempts: number): number {
  return Math.min(3 ** (attempts - 1), 3600) * (0.9 + Math.random() * 0.2);
}

/** Returns what became of the message. */
async function recordFailure(message: LeasedMessage, reason: unknown): Promise<'parked' | 'delayed'> {
  const error = cutText(reason instanceof Error ? reason.message : String(reason), { max: MAX_ERROR_CHARACTERS });
  const { id, attempts } = message;
  const facts = { attempts, err: reason };
  if (attempts >= MAX_ATTEMPTS) {
    logger.error(facts, 'A message is parked: it failed too often');
    await parkMessage(database, { id, attempts, error });
    return 'parked';
  }
  logger.warn(facts, 'A message failed and is tried again');
  await delayMessage(database, { id, attempts, error }, getDelaySeconds(attempts));
  return 'delayed';
}

const jobSeconds = createHistogram({
  name: 'bilten_job_duration_seconds',
  help: 'Attempts at jobs, by the topic of their message and what became of it: done, delayed to be tried again, or parked',
  labels: ['job', 'outcome'],
});

/** One attempt, within what its log lines and its trace are to say. */
async function attemptMessage(message: LeasedMessage, handler: Handler): Promise<void> {
  const start = performance.now();
  let outcome = 'done';
  try {
    // It has ended its process that often: the next one is spared.
    if (message.attempts > MAX_ATTEMPTS) throw new Error('Its handlers did not come back.');
    const { id } = message;
    message.effects.push(...listRememberedEffects(id));
    const effect = (await handler(message)) ?? listRememberedEffects(id)[0];
    if (effect !== undefined) rememberEffect(id, effect);
    await (effect === undefined ? finish({ id, effect }) : retryUntilRecorded(() => finish({ id, effect })));
    forgetEffects(id);
    logger.info({ ms: Math.round(performance.now() - start) }, 'job');
  } catch (error) {
    traceFailure(error);
    outcome = await recordFailure(message, error);
  }
  jobSeconds.observe({ job: message.topic, outcome }, (performance.now() - start) / 1000);
}

/**
 * Lets a handler work on a message, alone: the lease goes on as long as this process lives, and no longer than that.
 * Failures are kept in the row, which comes back later, or is parked after ten.
 */
export async function handleMessage(id: number, handler: Handler): Promise<void> {
  const message = await lease(id);
  if (!message) return;
  const heartbeat = setInterval(() => {
    renewLeases(database, [id], LEASE_SECONDS).catch((error: Error) =>
      logger.debug({ err: error, messageId: id }, 'A lease was not renewed'),
    );
  }, RENEW_MS);
  const { topic: job, payload } = message;
  const requestId = message.requestId ?? undefined;
  const { traceparent } = payload as { traceparent?: string };
  try {
    await traceJob({ name: job, traceparent, requestId, messageId: id }, (traceId) =>
      runInJob({ job, messageId: id, requestId, traceId }, () => attemptMessage(message, handler)),
    );
  } finally {
    clearInterval(heartbeat);
  }
}
