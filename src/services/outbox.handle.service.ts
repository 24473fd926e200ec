import { database } from '../database';
import { inSets } from '../lib/sets';
import { logger } from '../logger';
import {
  delayMessage,
  finishMessages,
  leaseMessages,
  parkMessage,
  renewLeases,
  type Finished,
  type LeasedMessage,
} from '../models/outbox.handle.model';

export { advanceMessage, insertEffect as recordEffect, type LeasedMessage } from '../models/outbox.handle.model';

/** Resolves with the name of its last step, where that took effect outside the database. */
export type Handler = (message: LeasedMessage) => Promise<string | void>;

const LEASE_SECONDS = 6;
const RENEW_MS = 2000;
export const MOST_ATTEMPTS = 10;
const MOST_ERROR_TEXT = 1000;

// Messages are handled many at a time, and taken and given back in sets, so that a commit serves several.
const lease = inSets(async (ids: number[]) => {
  const leased = new Map<number, LeasedMessage>();
  for (const message of await leaseMessages(database, ids, LEASE_SECONDS)) leased.set(message.id, message);
  // One that came twice in a set is its first taker's.
  return ids.map((id) => {
    const message = leased.get(id);
    leased.delete(id);
    return message;
  });
});

const finish = inSets(async (messages: Finished[]) => {
  await finishMessages(database, messages);
  return messages.map(() => undefined);
});

/** 1 s after the first failure, three times as long after each further one, at most an hour; spread by a fifth. */
function delayAfter(attempts: number): number {
  return Math.min(3 ** (attempts - 1), 3600) * (0.9 + Math.random() * 0.2);
}

async function recordFailure(message: LeasedMessage, reason: unknown): Promise<void> {
  const error = (reason instanceof Error ? reason.message : String(reason)).slice(0, MOST_ERROR_TEXT);
  const { id, topic, attempts, requestId } = message;
  const facts = { messageId: id, topic, attempts, requestId, err: reason };
  if (attempts >= MOST_ATTEMPTS) {
    logger.error(facts, 'A message is parked: it failed too often');
    await parkMessage(database, { id, attempts, error });
  } else {
    logger.warn(facts, 'A message failed and is tried again');
    await delayMessage(database, { id, attempts, error }, delayAfter(attempts));
  }
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
  try {
    // It has ended its process that often: the next one is spared.
    if (message.attempts > MOST_ATTEMPTS) throw new Error('Its handlers did not come back.');
    const effect = (await handler(message)) ?? undefined;
    await finish({ id, effect });
    logger.debug({ messageId: id, topic: message.topic, requestId: message.requestId }, 'A message is done');
  } catch (error) {
    await recordFailure(message, error);
  } finally {
    clearInterval(heartbeat);
  }
}
