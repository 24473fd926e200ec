import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type {
  MessageNotificationData,
  EventNotificationData,
  TimeAndPlace,
} from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/languages';
import { getTexts, type Texts } from './texts';

type Word = keyof Texts['eventUpdated']['words'];

const WORDS: Record<string, Word> = {
  title: 'title',
  description: 'description',
  startDate: 'time',
  endDate: 'time',
  timezone: 'time',
  venueName: 'venue',
  venueAddress: 'venue',
};

// What those who have booked have no part in, or do not see.
const UNANNOUNCED_FIELDS: ReadonlySet<string> = new Set([
  'metadata',
  'tags',
  'category',
  'totalTickets',
  'maxPerUser',
  'allowMultipleBookings',
  'sendTicketsToAttendees',
  'taxRate',
  // Each booking keeps the terms of its sale.
  'refundPolicy',
  'cancellationWindowHours',
  'taxInclusive',
]);

/** What of these fields, as the contract names them, concerns those who have booked. */
export function listAnnouncedChanges(changed: string[]): string[] {
  return changed.filter((field) => !UNANNOUNCED_FIELDS.has(field));
}

/** Whether an event takes place at another time or elsewhere. */
export function hasMoved(now: TimeAndPlace, before: TimeAndPlace): boolean {
  return (['startsAt', 'endsAt', 'timezone', 'venueName', 'venueAddress'] as const).some(
    (name) => now[name] !== before[name],
  );
}

/** Whether those who have booked are to be told by mail too, so that they can decide again. */
export function isReschedule(changed: string[]): boolean {
  return changed.some((field) => WORDS[field] === 'time' || WORDS[field] === 'venue');
}

/** To everybody who has booked, in the app. `changed` are fields as the contract names them. */
export function composeEventUpdated({ title }: EventNotificationData, changed: string[], locale: string): Content {
  const texts = getTexts(locale).eventUpdated;
  const words = [...new Set(changed.map((field) => texts.words[WORDS[field] ?? 'details']))];
  return {
    language: getLanguage(locale),
    title: texts.title(title),
    paragraphs: [texts.body(words.join(', '))],
    facts: [],
  };
}

/** What an organizer writes to those who come. */
export function composeAnnouncement(
  { event, subject, body, recipient }: MessageNotificationData,
  links: Links,
): Content {
  const { actions, eventMessage: texts } = getTexts(recipient.locale);
  return {
    language: getLanguage(recipient.locale),
    // The author stands above the text, and where nobody has asked for mail the subject is ours, too.
    title: recipient.isVerified ? subject : texts.subject(event.title),
    paragraphs: [
      texts.author(event.organizer.name, event.title),
      ...(recipient.isVerified ? [] : [subject]),
      ...body.split(/\n\s*\n/),
      texts.footer(event.title),
    ],
    facts: listEventFacts(event, recipient),
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}
