import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { database } from '../../database';
import { splitIntoChunks } from '../../lib/chunks';
import { listen, type Listener } from '../listener';
import { closeRealtime, realtime } from './server';

/** The ids of what has changed; processes with interested clients read the rest. */
export interface RealtimeUpdate {
  /** The ids of events whose availability may have changed. */
  eventIds: number[];
  notifications: { id: number; userId: number }[];
  /** Support tickets that have changed, and who follows them. */
  supportTickets: { supportTicketId: number; userId: number }[];
}

type Pair = [id: number, userId: number];
type PackedUpdate = [from: string, eventIds: number[], notifications: Pair[], supportTickets: Pair[]];

const CHANNEL = 'bilten_live';
// A NOTIFY payload is limited to 8,000 bytes; ids have at most 10 digits.
const MAX_IDS = 300;
const self = randomUUID();

let listener: Listener | undefined;

async function send({
  eventIds = [],
  notifications = [],
  supportTickets = [],
}: Partial<RealtimeUpdate>): Promise<void> {
  const packed: PackedUpdate = [
    self,
    eventIds,
    notifications.map(({ id, userId }) => [id, userId]),
    supportTickets.map(({ supportTicketId, userId }) => [supportTicketId, userId]),
  ];
  if (config.redisUrl) realtime().serverSideEmit('update', JSON.stringify(packed));
  // Runs outside the transaction of its cause, where NOTIFY would take a lock shared by the whole database.
  else await database.raw('SELECT pg_notify(?, ?)', [CHANNEL, JSON.stringify(packed)]);
}

/** Connects in advance, so that the first updates are not lost. */
export function openBus(): void {
  if (config.redisUrl) realtime();
}

/** Notifies the other processes through Redis, or through PostgreSQL without Redis. Lost notifications are not repeated. */
export async function publishUpdate({ eventIds, notifications, supportTickets }: RealtimeUpdate): Promise<void> {
  for (const ids of splitIntoChunks(MAX_IDS, eventIds)) await send({ eventIds: ids });
  for (const some of splitIntoChunks(MAX_IDS, notifications)) await send({ notifications: some });
  for (const some of splitIntoChunks(MAX_IDS, supportTickets)) await send({ supportTickets: some });
}

/** Calls back with the notifications of other processes. */
export function subscribeToUpdates(onUpdate: (update: RealtimeUpdate) => void): void {
  const receive = (text: string): void => {
    // A process of an earlier version sends no support tickets.
    const [from, eventIds, notifications, supportTickets = []] = JSON.parse(text) as PackedUpdate;
    if (from === self) return;
    onUpdate({
      eventIds,
      notifications: notifications.map(([id, userId]) => ({ id, userId })),
      supportTickets: supportTickets.map(([supportTicketId, userId]) => ({ supportTicketId, userId })),
    });
  };
  if (config.redisUrl) realtime().on('update', receive);
  else listener = listen(CHANNEL, receive);
}

export async function closeBus(): Promise<void> {
  await listener?.close();
  listener = undefined;
  await closeRealtime();
}
