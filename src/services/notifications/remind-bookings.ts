import { database } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { insertReminders } from '../../models/notifications/reminders';
import { wakeRelay } from '../outbox/add-messages';

const HOURS_BEFORE = 24;
const REMINDER_CHUNK_SIZE = 2000;

/** Adds reminders for bookings of events that start within a day. Returns how many. */
export async function remindBookings(): Promise<number> {
  const count = await repeatInChunks(REMINDER_CHUNK_SIZE, (limit) =>
    insertReminders(database, { hours: HOURS_BEFORE, limit }),
  );
  if (count > 0) wakeRelay();
  return count;
}
