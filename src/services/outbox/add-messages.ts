import { AsyncResource } from 'node:async_hooks';
import { database, type Trx } from '../../database';
import { logger } from '../../logger';
import { insertMessages, notifyRelay, type Message } from '../../models/outbox/messages';

export { type Message, type Payloads, type TicketNotice, type Topic } from '../../models/outbox/messages';

const WAKE_EVERY_MS = 50;

// Waking serves many: it belongs to no request's trace.
const atRest = new AsyncResource('wake relay');
let isWaking = false;
let isWakeWanted = false;

/**
 * Tells the relay that there is something to do: after the commit, at most twenty times a second and process.
 * In the committing transaction NOTIFY would take a lock that the whole database shares. A lost one costs the relay's next poll.
 */
export function wakeRelay(): void {
  isWakeWanted = true;
  if (!isWaking) void atRest.runInAsyncScope(sendWakes);
}

async function sendWakes(): Promise<void> {
  isWaking = true;
  while (isWakeWanted) {
    isWakeWanted = false;
    await notifyRelay(database).catch((error: Error) => logger.debug({ err: error }, 'The relay was not woken'));
    await new Promise((resolve) => setTimeout(resolve, WAKE_EVERY_MS).unref());
  }
  isWaking = false;
}

/** Writes what is to follow from this transaction, in it; once it has committed the relay is woken. */
export async function addMessages(trx: Trx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  await insertMessages(trx, messages);
  trx.executionPromise?.then(wakeRelay, () => undefined);
}
