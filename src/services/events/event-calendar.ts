import { config } from '../../config';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { renderICalendar, type CalendarSubject } from '../../lib/calendar';
import { getVisibleEvent } from './event-access';

const host = new URL(config.publicUrl).hostname;

interface Entry {
  /** Stands above the description. */
  note?: string;
  subject?: CalendarSubject;
  /** It is to be taken out of the calendar, even if the event takes place. */
  isCancelled?: boolean;
}

/** iCalendar text for one who has something to do with the event. @throws AppError NOT_FOUND, also for a stranger's draft */
export async function renderEventCalendar(
  actor: Actor | undefined,
  eventId: number,
  { note, subject, isCancelled = false }: Entry,
): Promise<string> {
  const { id, title, description, startDate, endDate, venueName, venueAddress, version, updatedAt, status } =
    await getVisibleEvent(database, actor, eventId);
  const entry = {
    id,
    title,
    description: [note, description].filter(Boolean).join('\n\n'),
    startsAt: startDate,
    endsAt: endDate,
    venueName,
    venueAddress,
    version,
    updatedAt,
  };
  return renderICalendar(entry, { host, subject, isCancelled: isCancelled || status === 'cancelled' });
}

/** iCalendar text. @throws AppError NOT_FOUND, also for a stranger's draft */
export async function getEventCalendar(actor: Actor | undefined, eventId: number): Promise<string> {
  return renderEventCalendar(actor, eventId, {});
}
