import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';

export interface CalendarEvent {
  id: number;
  title: string;
  description?: string;
  startsAt: Date;
  endsAt: Date;
  venueName: string | null;
  venueAddress: string | null;
  /** Increases with every change; calendars keep the highest. */
  version: number;
  updatedAt: Date;
}

/**
 * The subject of a calendar entry. A booking and a transferred ticket have separate entries, so that removing one keeps the
 * others.
 */
export type CalendarSubject =
  | { kind: 'event' }
  /** `hasExpired`: the booking expired before it was confirmed, so the entry was removed and added again. */
  | { kind: 'booking'; id: number; hasExpired: boolean; status: string }
  /** The ticket of one holder; each transfer creates a new entry. */
  | { kind: 'ticket'; id: number; transfers: number };

function getUid(subject: CalendarSubject, eventId: number): string {
  if (subject.kind === 'event') return `event-${eventId}`;
  return subject.kind === 'booking' ? `booking-${subject.id}` : `ticket-${subject.id}-${subject.transfers}`;
}

/** The steps of one entry per version of its event: confirmed, expired, confirmed late, removed. */
const STEPS = 4;

function getStep(subject: CalendarSubject, isCancelled: boolean): number {
  if (subject.kind === 'booking' && subject.status === 'expired') return 1;
  if (isCancelled) return STEPS - 1;
  return subject.kind === 'booking' && subject.hasExpired ? 2 : 0;
}

interface Options {
  /** The host name of this installation, which makes UIDs globally unique. */
  host: string;
  url?: string;
  /** Defaults to the event itself. */
  subject?: CalendarSubject;
  /** True to remove the entry from the calendar. */
  isCancelled?: boolean;
}

/**
 * Returns one entry as iCalendar text (RFC 5545), in UTC. A subject has the same UID everywhere, and its SEQUENCE never
 * decreases: it combines the version of the event with the step of the booking.
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
    // RFC 5546 requires an organizer in a cancellation.
    organizer: isCancelled ? { name: 'Bilten', email: `noreply@${host}` } : null,
  });
  return calendar.toString();
}
