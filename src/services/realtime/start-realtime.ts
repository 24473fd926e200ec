import type { IncomingMessage, Server } from 'node:http';
import { config } from '../../config';
import { database } from '../../database';
import { AppError } from '../../errors';
import { subscribeToUpdates, type RealtimeUpdate } from '../../integrations/realtime/bus';
import { openSockets, type Sockets } from '../../integrations/realtime/sockets';
import { mayManage } from '../../lib/actor';
import { createBatcher } from '../../lib/batcher';
import { logger } from '../../logger';
import { listAvailability, type AvailabilityRow } from '../../models/realtime.model';
import { getAccess, type Access } from '../access/access-tokens';
import { assertNotRevoked } from '../access/revocations';
import { countOnSale } from '../events/present-event';
import { onLocalUpdate } from './realtime-updates';
import { listNotificationsByIds } from '../notifications/list-notifications';
import { listSupportChanges } from '../support/open-support-ticket';

export interface RealtimeService {
  /** Closes the sockets. Updates from this process are still published to other processes. */
  close(): Promise<void>;
}

const TICK_MS = 250;
// Updates between processes may get lost, so watched events are also polled.
const POLL_MS = 10_000;
const POLL_TICKS = POLL_MS / TICK_MS;

// Concurrent reads share one query, so that no client gets an older state after a newer one.
const readRow = createBatcher(async (eventIds: number[]) => {
  const rows = new Map((await listAvailability(database, [...new Set(eventIds)])).map((row) => [row.eventId, row]));
  return eventIds.map((eventId) => rows.get(eventId));
});

function present(row: AvailabilityRow) {
  return {
    eventId: row.eventId,
    availableTickets: row.available,
    ticketTypes: row.types.map((type) => ({ id: type.id, quantityAvailable: countOnSale(type, row) })),
  };
}

async function getAvailability(bearer: Access | undefined, eventId: number): Promise<object> {
  const row = await readRow(eventId);
  const actor = bearer && { ...assertNotRevoked(bearer), requestId: '' };
  if (!row || (row.status === 'draft' && !mayManage(actor, row.organizerId)))
    throw new AppError('NOT_FOUND', 'Event not found.');
  return present(row);
}

async function admit(token: string): Promise<Access> {
  return getAccess(token).catch((error: unknown) => {
    throw error instanceof AppError ? error : new AppError('UNAVAILABLE', undefined, { cause: error });
  });
}

function assertBearerActive(bearer: Access): void {
  if (bearer.expiresAt <= Date.now()) throw new AppError('TOKEN_EXPIRED');
  assertNotRevoked(bearer);
}

/** Sends watchers of an event its availability whenever it has changed. */
function createAvailabilityBroadcaster(sockets: Sockets) {
  const lastSent = new Map<number, string>();
  const pending = new Set<number>();

  async function broadcast(eventId: number): Promise<void> {
    const row = await readRow(eventId);
    if (!row || !sockets.hasWatchers(eventId)) return;
    const availability = present(row);
    const text = JSON.stringify(availability);
    if (lastSent.get(eventId) === text) return;
    lastSent.set(eventId, text);
    sockets.sendAvailability(eventId, availability);
  }

  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
    if (ticks % POLL_TICKS === 0) {
      for (const eventId of lastSent.keys()) if (!sockets.hasWatchers(eventId)) lastSent.delete(eventId);
      for (const eventId of sockets.watchedEvents()) pending.add(eventId);
    }
    const eventIds = [...pending];
    pending.clear();
    for (const eventId of eventIds)
      broadcast(eventId).catch((error: Error) => logger.debug({ err: error }, 'Failed to broadcast availability'));
  }, TICK_MS).unref();

  return {
    hasChanged(eventId: number): void {
      if (sockets.hasWatchers(eventId)) pending.add(eventId);
    },
    stop: () => clearInterval(timer),
  };
}

async function broadcastNotifications(sockets: Sockets, notifications: RealtimeUpdate['notifications']): Promise<void> {
  const ids = notifications.filter(({ userId }) => sockets.isHere(userId)).map(({ id }) => id);
  if (ids.length === 0) return;
  for (const { userId, notification } of await listNotificationsByIds(ids))
    sockets.sendNotification(userId, notification);
}

/** Sends what has changed about support tickets, and no text of them. */
async function broadcastSupport(sockets: Sockets, changed: RealtimeUpdate['supportTickets']): Promise<void> {
  const here = changed.filter(({ userId }) => sockets.isHere(userId));
  if (here.length === 0) return;
  const changes = await listSupportChanges([...new Set(here.map(({ supportTicketId }) => supportTicketId))]);
  for (const { supportTicketId, userId } of here) {
    const change = changes.get(supportTicketId);
    if (change) sockets.sendSupport(userId, change);
  }
}

/** Starts live updates on this HTTP server; undefined if they are disabled. */
export function startRealtime(
  http: Server,
  addressOf: (request: IncomingMessage) => string,
): RealtimeService | undefined {
  if (config.liveConnections === 0) return undefined;
  const sockets = openSockets<Access>(http, {
    admit,
    assertNotRevoked: assertBearerActive,
    availability: getAvailability,
    addressOf,
  });
  const broadcaster = createAvailabilityBroadcaster(sockets);
  const onUpdate = ({ eventIds, notifications, supportTickets }: RealtimeUpdate): void => {
    broadcastSupport(sockets, supportTickets).catch((error: Error) =>
      logger.debug({ err: error }, 'Failed to broadcast support tickets'),
    );
    for (const eventId of eventIds) broadcaster.hasChanged(eventId);
    broadcastNotifications(sockets, notifications).catch((error: Error) =>
      logger.debug({ err: error }, 'Failed to broadcast notifications'),
    );
  };
  onLocalUpdate(onUpdate);
  subscribeToUpdates(onUpdate);
  return {
    async close() {
      onLocalUpdate(undefined);
      broadcaster.stop();
      await sockets.close();
    },
  };
}
