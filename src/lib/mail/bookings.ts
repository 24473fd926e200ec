import { formatMoney } from '../money';
import { seatLabels } from '../seat-label';
import type { Content } from './content';
import type { Links } from './links';
import type { BookingNews, NewsEvent, Recipient } from './news';
import { describeTime } from './when';

export function eventFacts(
  { title, startsAt, timezone, venueName, venueAddress }: NewsEvent,
  reader: Pick<Recipient, 'locale' | 'timezone'>,
): Content['facts'] {
  const venue = [venueName, venueAddress].filter(Boolean).join(', ');
  const facts: Content['facts'] = [
    ['Event', title],
    ['Time', describeTime(startsAt, timezone, reader)],
  ];
  return venue ? [...facts, ['Venue', venue]] : facts;
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
  const isFree = Number(totalAmount) === 0;
  return [
    ...eventFacts(event, recipient),
    ['Tickets', String(ticketsCount)],
    ...(seats.length > 0 ? ([['Seats', seatLabels(seats)]] satisfies Content['facts']) : []),
    ['Total', isFree ? 'free' : `${formatMoney(totalAmount, currency)} ${currency}`],
    ['Booking reference', reference],
  ];
}

export const tickets = (count: number): string => (count === 1 ? '1 ticket' : `${count} tickets`);

export function bookingConfirmed(news: BookingNews, links: Links): Content {
  return {
    title: `Your booking for ${news.event.title} is confirmed`,
    paragraphs: [`You have ${tickets(news.ticketsCount)}. Your booking reference is ${news.reference}.`],
    facts: bookingFacts(news),
    action: { label: 'Show the booking', url: links.booking(news.id) },
  };
}

export type CancelledBy = 'customer' | 'organizer' | 'event' | 'dispute';

const CANCELLED: Record<CancelledBy, string> = {
  customer: 'Your booking was cancelled, as you asked.',
  organizer: 'Your booking was cancelled by the organizer.',
  event: 'The event will not take place, so your booking was cancelled.',
  dispute: 'Your payment was charged back, so your tickets are void.',
};

export function bookingCancelled(news: BookingNews, by: CancelledBy, links: Links): Content {
  const { event, cancelReason } = news;
  const reason = cancelReason && by !== 'event' && by !== 'dispute' ? [`Reason: ${cancelReason}`] : [];
  return {
    title: by === 'event' ? `${event.title} is cancelled` : `Your booking for ${event.title} is cancelled`,
    paragraphs: [CANCELLED[by], ...reason],
    facts: bookingFacts(news),
    action: { label: 'Show the event', url: links.event(event.id) },
  };
}

export function bookingExpired(news: BookingNews, links: Links): Content {
  return {
    title: `Your reservation for ${news.event.title} has expired`,
    paragraphs: [
      `It was not paid in time, so its ${tickets(news.ticketsCount)} can be booked by others. You may book again.`,
    ],
    facts: bookingFacts(news),
    action: { label: 'Show the event', url: links.event(news.event.id) },
  };
}

export function bookingReminder(news: BookingNews, links: Links): Content {
  return {
    title: `${news.event.title} is about to begin`,
    paragraphs: [`This is to remind you of your ${tickets(news.ticketsCount)}.`],
    facts: bookingFacts(news),
    action: { label: 'Show the booking', url: links.booking(news.id) },
  };
}

/** Time or place of the event have changed. */
export function bookingRescheduled(news: BookingNews, links: Links): Content {
  return {
    title: `Changed: ${news.event.title}`,
    paragraphs: [
      'Time or place of the event have changed. This is how they are now. If they no longer suit you, you may cancel until the event begins.',
    ],
    facts: bookingFacts(news),
    action: { label: 'Show the booking', url: links.booking(news.id) },
  };
}
