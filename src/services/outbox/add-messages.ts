import { AsyncResource } from 'node:async_hooks';
import { database, type Trx } from '../../database';
import { logger } from '../../logger';
import { insertMessages, notifyRelay, type Message } from '../../models/outbox/messages';

export { type Message, type Payloads, type TicketNotice, type Topic } from '../../models/outbox/messages';

const WAKE_EVERY_MS = 50;

// One wake-up serves many requests, so it belongs to no request's trace.
const outsideTraces = new AsyncResource('wake relay');
let isWaking = false;
let isWakeWanted = false;
let isRush = false;

/**
 * Wakes the relay after a commit, at most twenty times per second and process. A NOTIFY inside the transaction would take a lock
 * that the whole database shares at commit. If a wake-up is lost, the relay's next poll finds the message.
 */
export function wakeRelay(): void {
  isWakeWanted = true;
  if (!isWaking) void outsideTraces.runInAsyncScope(sendWakes);
}

/** Lets the next wake-up say that there is a rush of sales. */
export function noteRush(): void {
  isRush = true;
}

async function sendWakes(): Promise<void> {
  isWaking = true;
  while (isWakeWanted) {
    const told = { isRush };
    isWakeWanted = false;
    isRush = false;
    await notifyRelay(database, told).catch((error: Error) => logger.debug({ err: error }, 'Failed to wake the relay'));
    await new Promise((resolve) => setTimeout(resolve, WAKE_EVERY_MS).unref());
  }
  isWaking = false;
}

/** Step: adds outbox messages, and wakes the relay after the commit. */
export async function addMessages(trx: Trx, messages: Message[]): Promise<void> {
  if (messages.length === 0) return;
  await insertMessages(trx, messages);
  trx.executionPromise?.then(wakeRelay, () => undefined);
}
