import { config } from '../../config';
import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { renderICalendar, type CalendarSubject } from '../../lib/calendar';
import { getVisibleEvent } from './event-access';

const host = new URL(config.publicUrl).hostname;

interface CalendarOptions {
  /** Printed above the description. */
  note?: string;
  subject?: CalendarSubject;
  /** Removes the entry from the calendar, even if the event takes place. */
  isCancelled?: boolean;
}

/** Returns the event as iCalendar text for a booking or ticket. @throws AppError NOT_FOUND, also for drafts of others */
export async function renderEventCalendar(
  actor: Actor | undefined,
  eventId: number,
  { note, subject, isCancelled = false }: CalendarOptions,
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

/** Returns the event as iCalendar text. @throws AppError NOT_FOUND, also for drafts of others */
export async function getEventCalendar(actor: Actor | undefined, eventId: number): Promise<string> {
  return renderEventCalendar(actor, eventId, {});
}
