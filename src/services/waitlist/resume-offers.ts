import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import { listWaitedEvents } from '../../models/waitlist/waitlist-entries';
import type { Command } from '../inventory/rules/commands';
import { executeAll } from '../inventory/execute';

/** Offers tickets that became available while an organizer or a waiting user was suspended. An empty resize command triggers new offers. */
export async function resumeOffers(userId: number): Promise<void> {
  const eventIds = await listWaitedEvents(database, userId);
  const commands = eventIds.map((eventId): Command => ({ kind: 'resize', eventId, requestId: randomUUID() }));
  await executeAll(commands, ['NOT_FOUND']);
}
