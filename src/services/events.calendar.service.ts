import { config } from '../config';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { eventCalendar } from '../lib/calendar';
import { getVisibleEvent } from './events.access.service';

const host = new URL(config.publicUrl ?? 'http://localhost').hostname;

/** iCalendar text. @throws AppError NOT_FOUND, also for a stranger's draft */
export async function getEventCalendar(actor: Actor | undefined, eventId: number): Promise<string> {
  const { id, title, description, startDate, endDate, venueName, venueAddress, version, updatedAt, status } =
    await getVisibleEvent(database, actor, eventId);
  const entry = {
    id,
    title,
    description,
    startsAt: startDate,
    endsAt: endDate,
    venueName,
    venueAddress,
    version,
    updatedAt,
  };
  return eventCalendar(entry, { host, isCancelled: status === 'cancelled' });
}
