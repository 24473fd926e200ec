import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type {
  MessageNotificationData,
  EventNotificationData,
  TimeAndPlace,
} from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
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

// Changes to these fields do not concern people who have booked.
const UNANNOUNCED_FIELDS: ReadonlySet<string> = new Set([
  'metadata',
  'tags',
  'category',
  'totalTickets',
  'maxPerUser',
  'allowMultipleBookings',
  'sendTicketsToAttendees',
  'coverImageAlt',
  // What the next customers pay; who has booked has paid.
  'basePrice',
  'currency',
  'taxRate',
  // Each booking keeps the terms under which it was sold.
  'refundPolicy',
  'cancellationWindowHours',
  'taxInclusive',
]);

/** Returns the changed fields (as named in the API) that people who have booked are notified about. */
export function listAnnouncedChanges(changed: string[]): string[] {
  return changed.filter((field) => !UNANNOUNCED_FIELDS.has(field));
}

/** True if the time or place of an event has changed. */
export function hasMoved(now: TimeAndPlace, before: TimeAndPlace): boolean {
  return (['startsAt', 'endsAt', 'timezone', 'venueName', 'venueAddress'] as const).some(
    (name) => now[name] !== before[name],
  );
}

/** True if the change lets people cancel, so that they are notified by mail too. */
export function isReschedule(changed: string[]): boolean {
  return changed.some((field) => WORDS[field] === 'time' || WORDS[field] === 'venue');
}

/** Composes the notification in the app for everyone who has booked. `changed` has fields as named in the API. */
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

/** Composes the mail or notification with an organizer’s announcement to attendees. */
export function composeAnnouncement(
  { event, subject, body, recipient }: MessageNotificationData,
  links: Links,
): Content {
  const { actions, eventMessage: texts } = getTexts(recipient.locale);
  return {
    language: getLanguage(recipient.locale),
    // The author is named above the text. An unverified recipient did not ask for mail, so the subject is ours too.
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
