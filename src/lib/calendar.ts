import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

export interface CalendarEvent {
  id: number;
  title: string;
  description?: string;
  startsAt: Date;
  endsAt: Date;
  venueName: string | null;
  venueAddress: string | null;
  /** Counts changes: calendars take the highest. */
  version: number;
  updatedAt: Date;
}

interface Options {
  /** Makes ids unique in the world: the host name of this installation. */
  host: string;
  url?: string;
  /** The entry is to be taken out of the calendar. */
  isCancelled?: boolean;
}

/** iCalendar text of one event (RFC 5545), in UTC. The same event has the same UID wherever it is handed out. */
export function eventCalendar(event: CalendarEvent, { host, url, isCancelled = false }: Options): string {
  const calendar = ical({
    prodId: { company: 'Bilten', product: 'Bilten', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    id: `event-${event.id}@${host}`,
    // A cancellation outranks every change made before it.
    sequence: event.version + (isCancelled ? 1 : 0),
    start: event.startsAt,
    end: event.endsAt,
    stamp: event.updatedAt,
    summary: event.title,
    description: event.description || null,
    location: [event.venueName, event.venueAddress].filter(Boolean).join(', ') || null,
    url: url ?? null,
    status: isCancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    // RFC 5546 asks for one in a cancellation.
    organizer: isCancelled ? { name: 'Bilten', email: `noreply@${host}` } : null,
  });
  return calendar.toString();
}
