import { randomUUID } from 'node:crypto';
import { database } from '../database';
import { listDueHolds } from '../models/bookings.model';
import { settleAll } from './inventory.service';

const CHUNK = 500;

/** Gives up unpaid holds whose time is over. Returns how many. */
export async function expireHolds(): Promise<number> {
  const due = await listDueHolds(database, CHUNK);
  return settleAll(
    due.map(({ id, eventId }) => ({ kind: 'expire', eventId, requestId: randomUUID(), bookingId: id })),
    ['NOT_FOUND'],
  );
}
