import { formatLocalizedMoney } from '../../../lib/text/localized';
import { formatSeatLabels } from '../../../lib/seats/seat-label';
import type { Content } from './content';
import type { Links } from './links';
import type {
  BookingNotificationData,
  EventNotificationData,
  Recipient,
  TimeAndPlace,
} from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts } from './texts';
import { describeTime } from './when';

export function listEventFacts(
  { title, startsAt, timezone, venueName, venueAddress }: EventNotificationData,
  reader: Pick<Recipient, 'locale' | 'timezone'>,
): Content['facts'] {
  const { facts: names } = getTexts(reader.locale);
  const venue = [venueName, venueAddress].filter(Boolean).join(', ');
  const facts: Content['facts'] = [
    [names.event, title],
    [names.time, describeTime(startsAt, timezone, reader)],
  ];
  return venue ? [...facts, [names.venue, venue]] : facts;
}

function listBookingFacts({
  reference,
  ticketsCount,
  seats,
  totalAmount,
  currency,
  event,
  recipient,
}: BookingNotificationData): Content['facts'] {
  const { facts: names, seatWords } = getTexts(recipient.locale);
  const isFree = Number(totalAmount) === 0;
  return [
    ...listEventFacts(event, recipient),
    [names.tickets, String(ticketsCount)],
    ...(seats.length > 0 ? ([[names.seats, formatSeatLabels(seats, seatWords)]] satisfies Content['facts']) : []),
    [names.total, isFree ? names.free : formatLocalizedMoney(totalAmount, currency, recipient.locale)],
    [names.reference, reference],
  ];
}

interface BookingText {
  title: string;
  paragraphs: string[];
}

function composeBookingMail(
  data: BookingNotificationData,
  { title, paragraphs }: BookingText,
  action: Content['action'],
): Content {
  return { language: getLanguage(data.recipient.locale), title, paragraphs, facts: listBookingFacts(data), action };
}

const getBookingAction = ({ id, recipient }: BookingNotificationData, links: Links) => ({
  label: getTexts(recipient.locale).actions.showBooking,
  url: links.booking(id),
});

const getEventAction = ({ event, recipient }: BookingNotificationData, links: Links) => ({
  label: getTexts(recipient.locale).actions.showEvent,
  url: links.event(event.id),
});

/** How the booker gets the tickets, and the invoice if there is one. */
export interface TicketsAccess {
  isAttached: boolean;
  /** Opens the page of the booking without signing in. */
  token: string;
  ticketsUrl: string;
  invoiceUrl: string;
}

export function composeBookingConfirmed(data: BookingNotificationData, access: TicketsAccess, links: Links): Content {
  const { actions, bookingConfirmed: texts } = getTexts(data.recipient.locale);
  const filesText = access.isAttached ? texts.attached : texts.linked;
  const said = {
    title: texts.title(data.event.title),
    paragraphs: [texts.body(data.ticketsCount, data.reference)],
  };
  const action = { label: actions.showBooking, url: links.booking(data.id, access.token) };
  return {
    ...composeBookingMail(data, said, action),
    aboutFiles: data.holdsTickets ? filesText : undefined,
    links: [
      ...(data.holdsTickets ? [{ label: actions.downloadTickets, url: access.ticketsUrl }] : []),
      ...(data.hasInvoice ? [{ label: actions.downloadInvoice, url: access.invoiceUrl }] : []),
    ],
  };
}

export type CancelledBy = 'customer' | 'organizer' | 'event' | 'dispute';

export function composeBookingCancelled(data: BookingNotificationData, by: CancelledBy, links: Links): Content {
  const { event, cancelReason } = data;
  const { bookingCancelled: texts, reason } = getTexts(data.recipient.locale);
  // Mail to an unverified address must not contain text written by others.
  const isReasonShown = by !== 'dispute' && data.recipient.isVerified;
  const why = cancelReason && isReasonShown ? [reason(cancelReason)] : [];
  const title = by === 'event' ? texts.titleByEvent(event.title) : texts.title(event.title);
  return composeBookingMail(data, { title, paragraphs: [texts[by], ...why] }, getEventAction(data, links));
}

export function composeBookingExpired(data: BookingNotificationData, links: Links): Content {
  const { title, body } = getTexts(data.recipient.locale).bookingExpired;
  const said = { title: title(data.event.title), paragraphs: [body(data.ticketsCount)] };
  return composeBookingMail(data, said, getEventAction(data, links));
}

export function composeBookingReminder(data: BookingNotificationData, links: Links): Content {
  const { title, body } = getTexts(data.recipient.locale).bookingReminder;
  const said = { title: title(data.event.title), paragraphs: [body(data.ticketsCount)] };
  return composeBookingMail(data, said, getBookingAction(data, links));
}

/** Returns one line each for a changed time, end and place: "Time: was …; is now …". */
export function describeMove(
  event: EventNotificationData,
  before: TimeAndPlace | undefined,
  reader: Pick<Recipient, 'locale' | 'timezone'>,
): string[] {
  if (!before) return [];
  const { facts: names, bookingRescheduled: texts } = getTexts(reader.locale);
  const lines: string[] = [];
  const add = (name: string, from: string, to: string) => {
    if (from !== to) lines.push(texts.change(name, from || '–', to || '–'));
  };
  // UTC leaves out the second time in the zone of the reader.
  const here = { ...reader, timezone: 'UTC' };
  const time = (at: number, timezone: string) => describeTime(at, timezone, here);
  const place = ({ venueName, venueAddress }: TimeAndPlace) => [venueName, venueAddress].filter(Boolean).join(', ');
  add(names.time, time(before.startsAt, before.timezone), time(event.startsAt, event.timezone));
  // If the duration is unchanged, the new start already implies the new end.
  if (before.endsAt - before.startsAt !== event.endsAt - event.startsAt)
    add(names.end, time(before.endsAt, before.timezone), time(event.endsAt, event.timezone));
  add(names.venue, place(before), place(event));
  return lines;
}

/** Composes the mail about a changed time or place. */
export function composeBookingRescheduled(
  data: BookingNotificationData,
  before: TimeAndPlace | undefined,
  links: Links,
): Content {
  const { title, body } = getTexts(data.recipient.locale).bookingRescheduled;
  const changes = describeMove(data.event, before, data.recipient);
  const paragraphs = changes.length > 0 ? [body, changes.join('\n')] : [body];
  return composeBookingMail(data, { title: title(data.event.title), paragraphs }, getBookingAction(data, links));
}
