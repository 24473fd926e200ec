import { localizedMoney } from '../localized';
import { seatLabels } from '../seat-label';
import type { Content } from './content';
import type { Links } from './links';
import type { BookingNews, NewsEvent, Recipient, TimeAndPlace } from './news';
import { languageOf, textsFor } from './texts';
import { describeTime } from './when';

export function eventFacts(
  { title, startsAt, timezone, venueName, venueAddress }: NewsEvent,
  reader: Pick<Recipient, 'locale' | 'timezone'>,
): Content['facts'] {
  const { facts: names } = textsFor(reader.locale);
  const venue = [venueName, venueAddress].filter(Boolean).join(', ');
  const facts: Content['facts'] = [
    [names.event, title],
    [names.time, describeTime(startsAt, timezone, reader)],
  ];
  return venue ? [...facts, [names.venue, venue]] : facts;
}

function bookingFacts({
  reference,
  ticketsCount,
  seats,
  totalAmount,
  currency,
  event,
  recipient,
}: BookingNews): Content['facts'] {
  const { facts: names, seatWords } = textsFor(recipient.locale);
  const isFree = Number(totalAmount) === 0;
  return [
    ...eventFacts(event, recipient),
    [names.tickets, String(ticketsCount)],
    ...(seats.length > 0 ? ([[names.seats, seatLabels(seats, seatWords)]] satisfies Content['facts']) : []),
    [names.total, isFree ? names.free : localizedMoney(totalAmount, currency, recipient.locale)],
    [names.reference, reference],
  ];
}

interface Said {
  title: string;
  paragraphs: string[];
}

function aboutBooking(news: BookingNews, { title, paragraphs }: Said, action: Content['action']): Content {
  return { language: languageOf(news.recipient.locale), title, paragraphs, facts: bookingFacts(news), action };
}

const toBooking = ({ id, recipient }: BookingNews, links: Links) => ({
  label: textsFor(recipient.locale).actions.showBooking,
  url: links.booking(id),
});

const toEvent = ({ event, recipient }: BookingNews, links: Links) => ({
  label: textsFor(recipient.locale).actions.showEvent,
  url: links.event(event.id),
});

/** How the booker gets at the tickets, and the invoice if there is one. */
export interface TicketsAccess {
  isAttached: boolean;
  /** Opens the booking's page. */
  token: string;
  ticketsUrl: string;
  invoiceUrl: string;
}

export function bookingConfirmed(news: BookingNews, access: TicketsAccess, links: Links): Content {
  const { actions, bookingConfirmed: texts } = textsFor(news.recipient.locale);
  const how = access.isAttached ? texts.attached : texts.linked;
  const said = {
    title: texts.title(news.event.title),
    paragraphs: [texts.body(news.ticketsCount, news.reference)],
  };
  const action = { label: actions.showBooking, url: links.booking(news.id, access.token) };
  return {
    ...aboutBooking(news, said, action),
    aboutFiles: news.holdsTickets ? how : undefined,
    links: [
      ...(news.holdsTickets ? [{ label: actions.downloadTickets, url: access.ticketsUrl }] : []),
      ...(news.hasInvoice ? [{ label: actions.downloadInvoice, url: access.invoiceUrl }] : []),
    ],
  };
}

export type CancelledBy = 'customer' | 'organizer' | 'event' | 'dispute';

export function bookingCancelled(news: BookingNews, by: CancelledBy, links: Links): Content {
  const { event, cancelReason } = news;
  const { bookingCancelled: texts, reason } = textsFor(news.recipient.locale);
  // Mail to an address that nobody has verified carries no words of others.
  const isReasonShown = by !== 'dispute' && news.recipient.isVerified;
  const why = cancelReason && isReasonShown ? [reason(cancelReason)] : [];
  const title = by === 'event' ? texts.titleByEvent(event.title) : texts.title(event.title);
  return aboutBooking(news, { title, paragraphs: [texts[by], ...why] }, toEvent(news, links));
}

export function bookingExpired(news: BookingNews, links: Links): Content {
  const { title, body } = textsFor(news.recipient.locale).bookingExpired;
  const said = { title: title(news.event.title), paragraphs: [body(news.ticketsCount)] };
  return aboutBooking(news, said, toEvent(news, links));
}

export function bookingReminder(news: BookingNews, links: Links): Content {
  const { title, body } = textsFor(news.recipient.locale).bookingReminder;
  const said = { title: title(news.event.title), paragraphs: [body(news.ticketsCount)] };
  return aboutBooking(news, said, toBooking(news, links));
}

/** From what to what an event has moved, a line for each of time and place. */
export function describeMove(
  event: NewsEvent,
  before: TimeAndPlace | undefined,
  reader: Pick<Recipient, 'locale' | 'timezone'>,
): string[] {
  if (!before) return [];
  const { facts: names, bookingRescheduled: texts } = textsFor(reader.locale);
  const lines: string[] = [];
  const add = (name: string, from: string, to: string) => {
    if (from !== to) lines.push(texts.change(name, from || '–', to || '–'));
  };
  const here = { ...reader, timezone: 'UTC' };
  const time = (at: number, timezone: string) => describeTime(at, timezone, here);
  const place = ({ venueName, venueAddress }: TimeAndPlace) => [venueName, venueAddress].filter(Boolean).join(', ');
  add(names.time, time(before.startsAt, before.timezone), time(event.startsAt, event.timezone));
  // An end that moved along with the start says nothing new.
  if (before.endsAt - before.startsAt !== event.endsAt - event.startsAt)
    add(names.end, time(before.endsAt, before.timezone), time(event.endsAt, event.timezone));
  add(names.venue, place(before), place(event));
  return lines;
}

/** Time or place of the event have changed. */
export function bookingRescheduled(news: BookingNews, before: TimeAndPlace | undefined, links: Links): Content {
  const { title, body } = textsFor(news.recipient.locale).bookingRescheduled;
  const changes = describeMove(news.event, before, news.recipient);
  const paragraphs = changes.length > 0 ? [body, changes.join('\n')] : [body];
  return aboutBooking(news, { title: title(news.event.title), paragraphs }, toBooking(news, links));
}
