import {
  composeBookingCancelled,
  composeBookingConfirmed,
  composeBookingExpired,
  composeBookingReminder,
  composeBookingRescheduled,
} from '../../../src/services/notifications/mail/bookings';
import type { Content } from '../../../src/services/notifications/mail/content';
import { composeAnnouncement, composeEventUpdated } from '../../../src/services/notifications/mail/events';
import { renderMail } from '../../../src/services/notifications/mail/layout';
import { composeOrderFulfilled, composeOrderWithdrawn } from '../../../src/services/notifications/mail/store';
import { createFrontendLinks } from '../../../src/services/notifications/mail/links';
import type {
  BookingNotificationData,
  WaitlistNotificationData,
  EventNotificationData,
  OrderNotificationData,
  PaymentNotificationData,
  RefundNotificationData,
} from '../../../src/models/notifications/notification-data';
import {
  composeOrderPaid,
  composePaymentFailed,
  composeRefundSent,
} from '../../../src/services/notifications/mail/payments';
import { composeBookingSms, composeWaitlistSms } from '../../../src/services/notifications/mail/sms';
import { smsTopics } from '../../../src/lib/notification-kinds';
import { getLanguage, type Language } from '../../../src/lib/text/languages';
import { languages } from '../../../src/services/notifications/mail/texts';
import {
  composeTicketIssued,
  composeTicketReminder,
  composeTicketRescheduled,
  composeTicketTransferred,
  composeTicketVoid,
} from '../../../src/services/notifications/mail/tickets';
import { composePasswordReset, composeVerification } from '../../../src/services/notifications/mail/users';
import {
  composeWaitlistClosed,
  composeWaitlistExpired,
  composeWaitlistOffered,
} from '../../../src/services/notifications/mail/waitlist';

const links = createFrontendLinks('https://tickets.example');
const access = {
  isAttached: true,
  token: 'token',
  ticketsUrl: 'https://api.example/tickets.pdf',
  invoiceUrl: 'https://api.example/invoice.pdf',
};
const startsAt = Date.UTC(2030, 0, 31, 19, 30);
const event: EventNotificationData = {
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
  const booking: BookingNotificationData = {
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
  const entry: WaitlistNotificationData = {
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
  const payment: PaymentNotificationData = {
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
  const ofOrder = { ...payment, bookingId: null, reference: null, ticketsCount: null, event: null };
  const order: OrderNotificationData = {
    orderId: 4,
    orderNumber: '2030-000004',
    total: '15.00',
    currency: 'EUR',
    isPaid: true,
    items: [{ name: 'Tour shirt', quantity: 2, kind: 'product' }],
    recipient,
  };
  const refund = (about: Partial<RefundNotificationData>) =>
    composeRefundSent(
      { ...payment, cause: 'request', reason: 'Rain', claimUrl: null, isToCredits: false, ...about },
      links,
    );
  return {
    bookingConfirmed: composeBookingConfirmed(booking, access, links),
    byCustomer: composeBookingCancelled(booking, 'customer', links),
    byOrganizer: composeBookingCancelled(booking, 'organizer', links),
    byEvent: composeBookingCancelled(booking, 'event', links),
    byDispute: composeBookingCancelled(booking, 'dispute', links),
    bookingExpired: composeBookingExpired(booking, links),
    bookingReminder: composeBookingReminder(booking, links),
    bookingRescheduled: composeBookingRescheduled(booking, before, links),
    eventUpdated: composeEventUpdated(event, ['title', 'description', 'startDate', 'venueName', 'basePrice'], locale),
    eventMessage: composeAnnouncement({ subject: 'The doors', body: 'One.\n\nTwo.', event, recipient }, links),
    ticketTransferred: composeTicketTransferred(ticket, links),
    ticketIssued: composeTicketIssued(ticket, links),
    ticketReminder: composeTicketReminder(ticket, links),
    ticketRescheduled: composeTicketRescheduled(ticket, before, links),
    ticketVoid: composeTicketVoid(ticket, 'organizer', links),
    ticketVoidWithEvent: composeTicketVoid(ticket, 'event', links),
    paymentFailed: composePaymentFailed(payment, links),
    paymentOfOrderFailed: composePaymentFailed(ofOrder, links),
    orderPaid: composeOrderPaid(order, links),
    orderFulfilled: composeOrderFulfilled(
      { ...order, carrier: 'Post', trackingNumber: '1042', trackingUrl: 'https://post.example/1042' },
      links,
    ),
    orderFulfilledWithoutTracking: composeOrderFulfilled(
      { ...order, carrier: null, trackingNumber: null, trackingUrl: null },
      links,
    ),
    orderWithdrawn: composeOrderWithdrawn({ ...order, refundAmount: '15.00', receivedAt: 1_900_000_000_000 }, links),
    refundOfOrder: refund({ ...ofOrder, reason: null }),
    refundAskedFor: refund({}),
    refundOfCancelled: refund({ cause: 'cancellation' }),
    refundOfUnusable: refund({ cause: 'unusable' }),
    refundToCredits: refund({ isToCredits: true }),
    refundToBeFetched: refund({ claimUrl: 'https://pay.example/claim' }),
    waitlistOffered: composeWaitlistOffered(entry, links),
    waitlistExpired: composeWaitlistExpired(entry, links),
    waitlistClosed: composeWaitlistClosed(entry, { reason: 'The hall is flooded.' }, links),
    waitlistTypeClosed: composeWaitlistClosed(entry, { because: 'type' }, links),
    verification: composeVerification(mailed, links),
    passwordReset: composePasswordReset(mailed, links),
    ...Object.fromEntries(
      smsTopics.map((topic) => {
        const text = topic === 'waitlist.offered' ? composeWaitlistSms(entry) : composeBookingSms(topic, booking);
        return [topic, { language: getLanguage(locale), title: text, paragraphs: [text], facts: [] }];
      }),
    ),
  };
}

/** Returns the paths of all texts, such as `bookingConfirmed.title`. */
function keysOf(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? keysOf(value as object, `${path}${key}.`) : [`${path}${key}`],
  );
}

describe.each(Object.keys(languages) as Language[])('in %s', (language) => {
  const contents = everyContent(language);

  it('has every text', () => {
    expect(keysOf(languages[language]).sort()).toEqual(keysOf(languages.en).sort());
  });

  it.each(Object.keys(contents))('renders %s', (name) => {
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

  it.each(smsTopics)('%s fits into two text messages', (topic) => {
    expect(contents[topic]!.title.length).toBeLessThanOrEqual(160);
  });

  it('differs from the other languages', () => {
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
  ])('%j is %s', (locale, language) => expect(getLanguage(locale)).toBe(language));
});
