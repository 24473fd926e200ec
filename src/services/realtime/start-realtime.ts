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

export interface RealtimeService {
  /** Hangs up; what goes on until the process ends is still told to the other processes. */
  close(): Promise<void>;
}

const EVERY_MS = 250;
// News may get lost between processes: so often whatever is watched is looked at anyway.
const POLL_MS = 10_000;
const LOOK_TURNS = POLL_MS / EVERY_MS;

// One read at a time serves all who ask, so that nobody gets an older state behind a newer one.
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

/** Tells watchers of an event how many tickets are left, unless that is what they were told last. */
function createAvailabilityBroadcaster(sockets: Sockets) {
  const told = new Map<number, string>();
  const pending = new Set<number>();

  async function tell(eventId: number): Promise<void> {
    const row = await readRow(eventId);
    if (!row || !sockets.hasWatchers(eventId)) return;
    const availability = present(row);
    const text = JSON.stringify(availability);
    if (told.get(eventId) === text) return;
    told.set(eventId, text);
    sockets.sendAvailability(eventId, availability);
  }

  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
    if (turns % LOOK_TURNS === 0) {
      for (const eventId of told.keys()) if (!sockets.hasWatchers(eventId)) told.delete(eventId);
      for (const eventId of sockets.watchedEvents()) pending.add(eventId);
    }
    const eventIds = [...pending];
    pending.clear();
    for (const eventId of eventIds)
      tell(eventId).catch((error: Error) => logger.debug({ err: error }, 'Availability could not be told'));
  }, EVERY_MS).unref();

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

/** Live updates on this HTTP server; undefined where they are turned off. */
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
  const teller = createAvailabilityBroadcaster(sockets);
  const onNews = ({ eventIds, notifications }: RealtimeUpdate): void => {
    for (const eventId of eventIds) teller.hasChanged(eventId);
    broadcastNotifications(sockets, notifications).catch((error: Error) =>
      logger.debug({ err: error }, 'Notifications could not be told'),
    );
  };
  onLocalUpdate(onNews);
  subscribeToUpdates(onNews);
  return {
    async close() {
      onLocalUpdate(undefined);
      teller.stop();
      await sockets.close();
    },
  };
}
