import { closeBus, openBus, publishUpdate, type RealtimeUpdate } from '../../integrations/realtime/bus';
import { logger } from '../../logger';

// How often a process publishes what has changed.
const FLUSH_INTERVAL_MS = 250;

const eventIds = new Set<number>();
const notifications: RealtimeUpdate['notifications'] = [];
const supportTickets: RealtimeUpdate['supportTickets'] = [];
let timer: NodeJS.Timeout | undefined;
let notifyHere: ((update: RealtimeUpdate) => void) | undefined;

async function flush(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const update = {
    eventIds: [...eventIds],
    notifications: notifications.splice(0),
    supportTickets: supportTickets.splice(0),
  };
  eventIds.clear();
  if (update.eventIds.length + update.notifications.length + update.supportTickets.length === 0) return;
  notifyHere?.(update);
  await publishUpdate(update).catch((error: Error) => logger.debug({ err: error }, 'Failed to publish live updates'));
}

function flushSoon(): void {
  timer ??= setTimeout(() => void flush(), FLUSH_INTERVAL_MS).unref();
}

/** Marks an event whose availability may have changed. Call after the commit; the cost is one entry in a set. */
export function notifyAvailabilityChanged(eventId: number): void {
  eventIds.add(eventId);
  flushSoon();
}

/** Publishes stored notifications to users who want them live. */
export function notifyNotificationsStored(stored: RealtimeUpdate['notifications']): void {
  notifications.push(...stored);
  if (stored.length > 0) flushSoon();
}

/** Publishes to these users that support tickets have changed. */
export function notifySupportChanged(changed: RealtimeUpdate['supportTickets']): void {
  supportTickets.push(...changed);
  if (changed.length > 0) flushSoon();
}

/** Registers a listener for updates from this process; undefined removes it. */
export function onLocalUpdate(listener: ((update: RealtimeUpdate) => void) | undefined): void {
  notifyHere = listener;
}

/** Opens the bus for a process that only publishes updates and has no sockets. */
export function openRealtimeUpdates(): void {
  openBus();
}

/** Publishes the remaining updates, then closes the bus. */
export async function closeRealtimeUpdates(): Promise<void> {
  await flush();
  await closeBus();
}
