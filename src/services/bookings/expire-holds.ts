import { randomUUID } from 'node:crypto';
import { database } from '../../database';
import { config } from '../../config';
import { listDueHolds, shortenFutureHolds } from '../../models/bookings/bookings';
import { executeDue } from '../inventory/execute-due';

/** Expires overdue unpaid holds. Returns how many. */
export async function expireHolds(): Promise<number> {
  await shortenFutureHolds(database, config.holdMinutes);
  return executeDue(async (limit) => {
    const due = await listDueHolds(database, limit);
    return due.map(({ id, eventId }) => ({ kind: 'expire', eventId, requestId: randomUUID(), bookingId: id }));
  });
}
