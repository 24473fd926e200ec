import {
  bookingCancelled,
  bookingConfirmed,
  bookingExpired,
  bookingReminder,
  bookingRescheduled,
} from '../../src/lib/mail/bookings';
import type { Content } from '../../src/lib/mail/content';
import { eventMessage, eventUpdated } from '../../src/lib/mail/events';
import { renderMail } from '../../src/lib/mail/layout';
import { frontendLinks } from '../../src/lib/mail/links';
import type { BookingNews, EntryNews, NewsEvent, PaymentNews, RefundNews } from '../../src/lib/mail/news';
import { paymentFailed, refundSent } from '../../src/lib/mail/payments';
import { smsOfBooking, smsOfEntry, smsTopics } from '../../src/lib/mail/sms';
import { languageOf, languages, type Language } from '../../src/lib/mail/texts';
import {
  ticketIssued,
  ticketReminder,
  ticketRescheduled,
  ticketTransferred,
  ticketVoid,
} from '../../src/lib/mail/tickets';
import { passwordReset, verification } from '../../src/lib/mail/users';
import { waitlistClosed, waitlistExpired, waitlistOffered } from '../../src/lib/mail/waitlist';

const links = frontendLinks('https://tickets.example');
const access = {
  isAttached: true,
  token: 'token',
  ticketsUrl: 'https://api.example/tickets.pdf',
  invoiceUrl: 'https://api.example/invoice.pdf',
};
const startsAt = Date.UTC(2030, 0, 31, 19, 30);
const event: NewsEvent = {
  id: 3,
  title: 'A very long title that goes on and on until nobody reads it any more, and then some',
  status: 'published',
  startsAt,
  endsAt: startsAt + 7_200_000,
  timezone: 'Europe/Vienna',
  venueName: 'Hall',
  venueAddress: null,
  version: 4,
  updatedAt: startsAt,
  organizer: { id: 9, name: 'Grace Hopper', email: 'grace@example.com', logoKey: null },
};

const before = { ...event, startsAt: startsAt - 3_600_000, endsAt: startsAt, venueName: 'Old hall' };

function everyContent(locale: string): Record<string, Content> {
  const recipient = {
    userId: 1,
    email: 'a@example.com',
    isVerified: true,
    firstName: 'Ada',
    phone: null,
    locale,
    timezone: 'UTC',
    preferences: {},
  };
  const booking: BookingNews = {
    id: 7,
    reference: 'K7MNPQR2XW',
    status: 'confirmed',
    hasExpired: false,
    hasInvoice: true,
    holdsTickets: true,
    hasOtherHolders: true,
    ticketsCount: 2,
    totalAmount: '15.00',
    currency: 'EUR',
    cancelReason: 'Rain',
    seats: [
      { section: 'Stalls', row: 'A', number: '1' },
      { section: 'Stalls', row: 'A', number: '2' },
    ],
    event,
    recipient,
  };
  const entry: EntryNews = {
    id: 1,
    status: 'offered',
    ticketsCount: 2,
    offeredCount: 1,
    offerExpiresAt: startsAt,
    event,
    recipient,
  };
  const mailed = { token: 'token', expiresAt: startsAt, reader: recipient };
  const ticket = {
    id: 1,
    status: 'valid',
    transfers: 1,
    attendeeName: 'Bo',
    attendeeEmail: 'b@example.com',
    cancelReason: null,
    sendsToAttendees: true,
    bookerId: 1,
    recipient: null,
    hasAccount: false,
    reference: 'K7MNPQR2XW',
    ticketTypeName: 'Stalls',
    seat: { section: 'Stalls', row: 'A', number: '1' },
    locale,
    event,
  };
  const payment: PaymentNews = {
    status: 'failed',
    amount: '15.00',
    currency: 'EUR',
    orderId: 4,
    orderNumber: '2030-000004',
    bookingId: 7,
    reference: 'K7MNPQR2XW',
    bookingStatus: 'pending',
    ticketsCount: 2,
    expiresAt: startsAt,
    event,
    recipient,
  };
  const refund = (about: Partial<RefundNews>) =>
    refundSent({ ...payment, cause: 'request', reason: 'Rain', claimUrl: null, ...about }, links);
  return {
    bookingConfirmed: bookingConfirmed(booking, access, links),
    byCustomer: bookingCancelled(booking, 'customer', links),
    byOrganizer: bookingCancelled(booking, 'organizer', links),
    byEvent: bookingCancelled(booking, 'event', links),
    byDispute: bookingCancelled(booking, 'dispute', links),
    bookingExpired: bookingExpired(booking, links),
    bookingReminder: bookingReminder(booking, links),
    bookingRescheduled: bookingRescheduled(booking, before, links),
    eventUpdated: eventUpdated(event, ['title', 'description', 'startDate', 'venueName', 'basePrice'], locale),
    eventMessage: eventMessage({ subject: 'The doors', body: 'One.\n\nTwo.', event, recipient }, links),
    ticketTransferred: ticketTransferred(ticket, links),
    ticketIssued: ticketIssued(ticket, links),
    ticketReminder: ticketReminder(ticket, links),
    ticketRescheduled: ticketRescheduled(ticket, before, links),
    ticketVoid: ticketVoid(ticket, 'organizer', links),
    ticketVoidWithEvent: ticketVoid(ticket, 'event', links),
    paymentFailed: paymentFailed(payment, links),
    refundAskedFor: refund({}),
    refundOfCancelled: refund({ cause: 'cancellation' }),
    refundOfUnusable: refund({ cause: 'unusable' }),
    refundToBeFetched: refund({ claimUrl: 'https://pay.example/claim' }),
    waitlistOffered: waitlistOffered(entry, links),
    waitlistExpired: waitlistExpired(entry, links),
    waitlistClosed: waitlistClosed(entry, { reason: 'The hall is flooded.' }, links),
    waitlistTypeClosed: waitlistClosed(entry, { because: 'type' }, links),
    verification: verification(mailed, links),
    passwordReset: passwordReset(mailed, links),
    ...Object.fromEntries(
      smsTopics.map((topic) => {
        const text = topic === 'waitlist.offered' ? smsOfEntry(entry) : smsOfBooking(topic, booking);
        return [topic, { language: languageOf(locale), title: text, paragraphs: [text], facts: [] }];
      }),
    ),
  };
}

/** `bookingConfirmed.title`, `facts.event` … */
function keysOf(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value as object, `${path}${key}.`) : [`${path}${key}`],
  );
}

describe.each(Object.keys(languages) as Language[])('in %s', (language) => {
  const contents = everyContent(language);

  it('there is a text for everything', () => {
    expect(keysOf(languages[language]).sort()).toEqual(keysOf(languages.en).sort());
  });

  it.each(Object.keys(contents))('%s is rendered', (name) => {
    const content = contents[name]!;
    const { subject, text, html } = renderMail({
      firstName: 'Ada',
      content,
      unsubscribeUrl: 'https://x.example/u?a=1&b',
    });
    expect(content.language).toBe(language);
    expect(subject.length).toBeGreaterThan(5);
    for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|null|=>|\[object|NaN/);
    expect(html).toContain(`<html lang="${language}">`);
    expect(text).toContain('https://x.example/u?a=1&b');
    expect(html).toContain('href="https://x.example/u?a=1&amp;b"');
  });

  it.each(smsTopics)('%s fits a text message or two', (topic) => {
    expect(contents[topic]!.title.length).toBeLessThanOrEqual(160);
  });

  it('says it in words of its own', () => {
    if (language === 'en') return;
    const english = everyContent('en');
    const same = Object.keys(contents).filter((name) => contents[name]!.paragraphs[0] === english[name]!.paragraphs[0]);
    expect(same).toEqual([]);
  });
});

describe('languageOf', () => {
  it.each([
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['en-GB', 'en'],
    ['fr', 'en'],
    ['constructor', 'en'],
    ['', 'en'],
  ])('%j is %s', (locale, language) => expect(languageOf(locale)).toBe(language));
});
