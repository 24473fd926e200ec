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

/**
 * What an entry in somebody's calendar stands for. A booking and a ticket that was transferred have entries of their own, so that
 * taking one out leaves the others in.
 */
export type CalendarSubject =
  | { kind: 'event' }
  /** `hasExpired`: it was given up once, so confirming it put it back. */
  | { kind: 'booking'; id: number; hasExpired: boolean; status: string }
  /** As this holder has it: each transfer makes another entry. */
  | { kind: 'ticket'; id: number; transfers: number };

function getUid(subject: CalendarSubject, eventId: number): string {
  if (subject.kind === 'event') return `event-${eventId}`;
  return subject.kind === 'booking' ? `booking-${subject.id}` : `ticket-${subject.id}-${subject.transfers}`;
}

/** Steps of one entry while its event stays as it is: confirmed, given up unpaid, confirmed late, out for good. */
const STEPS = 4;

function getStep(subject: CalendarSubject, isCancelled: boolean): number {
  if (subject.kind === 'booking' && subject.status === 'expired') return 1;
  if (isCancelled) return STEPS - 1;
  return subject.kind === 'booking' && subject.hasExpired ? 2 : 0;
}

interface Options {
  /** Makes ids unique in the world: the host name of this installation. */
  host: string;
  url?: string;
  /** By default the event itself, whoever looks at it. */
  subject?: CalendarSubject;
  /** The entry is to be taken out of the calendar. */
  isCancelled?: boolean;
}

/**
 * iCalendar text of one entry (RFC 5545), in UTC. The same subject has the same UID wherever it is handed out, and its SEQUENCE
 * never falls: the event's version counts first, then what happened to the booking.
 */
export function renderICalendar(
  event: CalendarEvent,
  { host, url, subject = { kind: 'event' }, isCancelled = false }: Options,
): string {
  const calendar = ical({
    prodId: { company: 'Bilten', product: 'Bilten', language: 'EN' },
    method: isCancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    id: `${getUid(subject, event.id)}@${host}`,
    sequence: event.version * STEPS + getStep(subject, isCancelled),
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
