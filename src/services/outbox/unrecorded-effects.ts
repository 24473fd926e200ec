import { setTimeout as sleep } from 'node:timers/promises';
import { isUnavailable } from '../../database';

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 500;
// By then the lease has long expired, and another handler has the message.
const MAX_RETRY_MS = 60_000;
const MAX_REMEMBERED = 10_000;

// Steps that took effect outside the database but may not be recorded there yet, by message.
const unrecorded = new Map<number, Set<string>>();

/**
 * Remembers that a step has taken effect outside the database. While PostgreSQL is unavailable this cannot be recorded, and a
 * handler that gets the message again in this process must not repeat the step.
 */
export function rememberEffect(messageId: number, effect: string): void {
  const effects = unrecorded.get(messageId) ?? new Set();
  effects.add(effect);
  unrecorded.set(messageId, effects);
  if (unrecorded.size > MAX_REMEMBERED) unrecorded.delete(unrecorded.keys().next().value!);
}

/** Lists the steps of this message that took effect and may not be recorded. */
export function listRememberedEffects(messageId: number): string[] {
  return [...(unrecorded.get(messageId) ?? [])];
}

export function forgetEffects(messageId: number): void {
  unrecorded.delete(messageId);
}

/** Records what has already happened, retrying while PostgreSQL is unavailable, so that it is not repeated. */
export async function retryUntilRecorded<T>(record: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + MAX_RETRY_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      return await record();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      await sleep(pauseMs);
    }
  }
}
