import { smsLength, toSmsText } from '../gsm';
import { cutText } from '../text';
import type { BookingNews, EntryNews } from './news';
import { textsFor } from './texts';
import { describeTimeShortly } from './when';

// A text message of more than 160 characters (70 with letters beyond its alphabet) is charged as several.
const MAX_NAME = 60;

const short = (name: string): string =>
  cutText(toSmsText(name), { max: MAX_NAME, ellipsis: '...', measure: smsLength });

/** What is urgent enough for a text message. */
export const smsTopics = ['waitlist.offered', 'event.cancelled', 'booking.rescheduled', 'booking.reminder'] as const;
export type SmsTopic = (typeof smsTopics)[number];

export function smsOfEntry({ event, offeredCount, ticketsCount, offerExpiresAt, recipient }: EntryNews): string {
  const until = describeTimeShortly(offerExpiresAt ?? event.startsAt, event.timezone, recipient.locale);
  return textsFor(recipient.locale).sms.offered(offeredCount ?? ticketsCount, short(event.title), until);
}

export function smsOfBooking(topic: Exclude<SmsTopic, 'waitlist.offered'>, { event, recipient }: BookingNews): string {
  const { sms } = textsFor(recipient.locale);
  const title = short(event.title);
  if (topic === 'event.cancelled') return sms.cancelled(title);
  const when = describeTimeShortly(event.startsAt, event.timezone, recipient.locale);
  const where = event.venueName ? `${when}, ${short(event.venueName)}` : when;
  return topic === 'booking.reminder' ? sms.reminder(title, where) : sms.moved(title, where);
}
