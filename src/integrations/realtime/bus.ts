import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { database } from '../../database';
import { splitIntoChunks } from '../../lib/chunks';
import { listen, type Listener } from '../listener';
import { closeRealtime, realtime } from './server';

/** What has happened, by ids: whoever has somebody to tell reads the rest. */
export interface RealtimeUpdate {
  /** Events whose availability may have changed. */
  eventIds: number[];
  notifications: { id: number; userId: number }[];
}

type PackedUpdate = [from: string, eventIds: number[], notifications: [id: number, userId: number][]];

const CHANNEL = 'bilten_live';
// NOTIFY carries 8,000 bytes; ids have at most 10 digits.
const MAX_IDS = 300;
const self = randomUUID();

let listener: Listener | undefined;

async function send(eventIds: number[], notifications: RealtimeUpdate['notifications']): Promise<void> {
  const packed: PackedUpdate = [self, eventIds, notifications.map(({ id, userId }) => [id, userId])];
  if (config.redisUrl) realtime().serverSideEmit('update', JSON.stringify(packed));
  // A statement of its own: in the transaction of a cause it would take a lock that the whole database shares.
  else await database.raw('SELECT pg_notify(?, ?)', [CHANNEL, JSON.stringify(packed)]);
}

/** Connects where that takes a while, so that the first news are not lost. */
export function openBus(): void {
  if (config.redisUrl) realtime();
}

/** Tells the other processes, by Redis where there is one, else by PostgreSQL. What gets lost is not repeated. */
export async function publishUpdate({ eventIds, notifications }: RealtimeUpdate): Promise<void> {
  for (const ids of splitIntoChunks(MAX_IDS, eventIds)) await send(ids, []);
  for (const some of splitIntoChunks(MAX_IDS, notifications)) await send([], some);
}

/** Calls back with what other processes publish. */
export function subscribeToUpdates(onNews: (update: RealtimeUpdate) => void): void {
  const receive = (text: string): void => {
    const [from, eventIds, notifications] = JSON.parse(text) as PackedUpdate;
    if (from === self) return;
    onNews({ eventIds, notifications: notifications.map(([id, userId]) => ({ id, userId })) });
  };
  if (config.redisUrl) realtime().on('update', receive);
  else listener = listen(CHANNEL, receive);
}

export async function closeBus(): Promise<void> {
  await listener?.close();
  listener = undefined;
  await closeRealtime();
}
