import { database } from '../../database';
import { createBatcher } from '../../lib/batcher';
import { createHistogram } from '../../integrations/metrics';
import { traceFailure, traceJob } from '../../integrations/tracing';
import { runInJob } from '../../runtime/job-context';
import { cutText } from '../../lib/text/cut-text';
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

/** Handles a message. Resolves with the name of its last step if that took effect outside the database. */
export type Handler = (message: LeasedMessage) => Promise<string | void>;

const LEASE_SECONDS = 6;
const RENEW_MS = 2000;
export const MAX_ATTEMPTS = 10;
const MAX_ERROR_CHARACTERS = 1000;

// Messages are leased and finished in sets, so that one commit serves several.
const lease = createBatcher(async (ids: number[]) => {
  const leased = new Map<number, LeasedMessage>();
  for (const message of await leaseMessages(database, ids, LEASE_SECONDS)) leased.set(message.id, message);
  // If an id occurs twice in a set, only the first caller gets the message.
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

/** Returns the retry delay: 1 s after the first failure, tripled after each further one up to an hour, with ±10% jitter. */
function getDelaySeconds(attempts: number): number {
  return Math.min(3 ** (attempts - 1), 3600) * (0.9 + Math.random() * 0.2);
}

/** Delays or parks a message that failed. Returns which of the two. */
async function recordFailure(message: LeasedMessage, reason: unknown): Promise<'parked' | 'delayed'> {
  const error = cutText(reason instanceof Error ? reason.message : String(reason), { max: MAX_ERROR_CHARACTERS });
  const { id, attempts } = message;
  const facts = { attempts, err: reason };
  if (attempts >= MAX_ATTEMPTS) {
    logger.error(facts, 'A message is parked after too many failures');
    await parkMessage(database, { id, attempts, error });
    return 'parked';
  }
  logger.warn(facts, 'A message failed and will be retried');
  await delayMessage(database, { id, attempts, error }, getDelaySeconds(attempts));
  return 'delayed';
}

const jobSeconds = createHistogram({
  name: 'bilten_job_duration_seconds',
  help: 'Duration of job attempts by message topic and outcome: done, delayed for a retry, or parked',
  labels: ['job', 'outcome'],
});

/** Makes one attempt at handling a message. */
async function attemptMessage(message: LeasedMessage, handler: Handler): Promise<void> {
  const start = performance.now();
  let outcome = 'done';
  try {
    // Each earlier attempt ended with its process, so the message is not given to another one.
    if (message.attempts > MAX_ATTEMPTS) throw new Error('The handlers of this message did not return.');
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
 * Handles a message exclusively, under a lease that is renewed as long as this process lives. A failed message is retried later,
 * and parked after ten failures.
 */
export async function handleMessage(id: number, handler: Handler): Promise<void> {
  const message = await lease(id);
  if (!message) return;
  const heartbeat = setInterval(() => {
    renewLeases(database, [id], LEASE_SECONDS).catch((error: Error) =>
      logger.debug({ err: error, messageId: id }, 'Failed to renew a lease'),
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
