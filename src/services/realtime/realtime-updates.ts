import { closeBus, openBus, publishUpdate, type RealtimeUpdate } from '../../integrations/realtime/bus';
import { logger } from '../../logger';

// So often a process tells of what has changed, however much that is.
const EVERY_MS = 250;

const eventIds = new Set<number>();
const notifications: RealtimeUpdate['notifications'] = [];
let timer: NodeJS.Timeout | undefined;
let notifyHere: ((update: RealtimeUpdate) => void) | undefined;

async function flush(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const update = { eventIds: [...eventIds], notifications: notifications.splice(0) };
  eventIds.clear();
  if (update.eventIds.length + update.notifications.length === 0) return;
  notifyHere?.(update);
  await publishUpdate(update).catch((error: Error) => logger.debug({ err: error }, 'Live news were not passed on'));
}

function flushSoon(): void {
  timer ??= setTimeout(() => void flush(), EVERY_MS).unref();
}

/** After a commit that may have moved an event's availability: costs an entry in a set. */
export function notifyAvailabilityChanged(eventId: number): void {
  eventIds.add(eventId);
  flushSoon();
}

/** After notifications are stored, for those who want them live. */
export function notifyNotificationsStored(stored: RealtimeUpdate['notifications']): void {
  notifications.push(...stored);
  if (stored.length > 0) flushSoon();
}

/** Has this process's own news told here too. */
export function onLocalUpdate(listener: ((update: RealtimeUpdate) => void) | undefined): void {
  notifyHere = listener;
}

/** For a process that tells others and has no connections of its own. */
export function openRealtimeUpdates(): void {
  openBus();
}

/** Passes on what is left, then closes what this process holds for it. */
export async function closeRealtimeUpdates(): Promise<void> {
  await flush();
  await closeBus();
}
