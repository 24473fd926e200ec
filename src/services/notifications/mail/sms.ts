import type { SmsTopic } from '../../../lib/notification-kinds';
import { countSmsCharacters, toSmsText } from '../../../lib/text/gsm';
import { cutText } from '../../../lib/text/cut-text';
import type {
  BookingNotificationData,
  WaitlistNotificationData,
} from '../../../models/notifications/notification-data';
import { getTexts } from './texts';
import { describeTimeShortly } from './when';

// A text message longer than 160 characters (70 with letters outside the GSM alphabet) is billed as several.
const MAX_NAME_CHARACTERS = 60;

const shorten = (name: string): string =>
  cutText(toSmsText(name), { max: MAX_NAME_CHARACTERS, ellipsis: '...', measure: countSmsCharacters });

export function composeWaitlistSms({
  event,
  offeredCount,
  ticketsCount,
  offerExpiresAt,
  recipient,
}: WaitlistNotificationData): string {
  const until = describeTimeShortly(offerExpiresAt ?? event.startsAt, event.timezone, recipient.locale);
  return getTexts(recipient.locale).sms.offered(offeredCount ?? ticketsCount, shorten(event.title), until);
}

export function composeBookingSms(
  topic: Exclude<SmsTopic, 'waitlist.offered'>,
  { event, recipient }: BookingNotificationData,
): string {
  const { sms } = getTexts(recipient.locale);
  const title = shorten(event.title);
  if (topic === 'event.cancelled') return sms.cancelled(title);
  const when = describeTimeShortly(event.startsAt, event.timezone, recipient.locale);
  const where = event.venueName ? `${when}, ${shorten(event.venueName)}` : when;
  return topic === 'booking.reminder' ? sms.reminder(title, where) : sms.moved(title, where);
}
