import { renderICalendar, type CalendarEvent, type CalendarSubject } from '../../../src/lib/calendar';
import {
  composeBookingCancelled,
  composeBookingConfirmed,
  composeBookingRescheduled,
} from '../../../src/services/notifications/mail/bookings';
import { composeEventUpdated, isReschedule } from '../../../src/services/notifications/mail/events';
import { renderMail } from '../../../src/services/notifications/mail/layout';
import { createFrontendLinks } from '../../../src/services/notifications/mail/links';
import type {
  BookingNotificationData,
  RefundNotificationData,
  TimeAndPlace,
} from '../../../src/models/notifications/notification-data';
import { composeRefundSent } from '../../../src/services/notifications/mail/payments';
import { describeTime } from '../../../src/services/notifications/mail/when';

const links = createFrontendLinks('https://tickets.example');
const access = {
  isAttached: true,
  token: 'token',
  ticketsUrl: 'https://api.example/tickets.pdf',
  invoiceUrl: 'https://api.example/invoice.pdf',
};
const startsAt = Date.UTC(2030, 0, 31, 19, 30);

/** Formats a date with this machine's Node.js, because versions differ in commas and spaces. */
const written = (locale: string, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(startsAt);

const data: BookingNotificationData = {
  id: 7,
  reference: 'K7MNPQR2XW',
  status: 'confirmed',
  hasExpired: false,
  hasInvoice: true,
  holdsTickets: true,
  hasOtherHolders: false,
  ticketsCount: 1,
  totalAmount: '1500.000',
  currency: 'JPY',
  cancelReason: 'Rain',
  seats: [{ section: 'Stalls', row: 'A', number: '3' }],
  event: {
    id: 3,
    title: 'Tom & "Jerry" <live>',
    status: 'published',
    startsAt,
    endsAt: startsAt + 7_200_000,
    timezone: 'Asia/Tokyo',
    venueName: 'Hall',
    venueAddress: null,
    version: 4,
    updatedAt: startsAt,
    organizer: { id: 9, name: 'Grace Hopper', email: 'grace@example.com', logoKey: null },
  },
  recipient: {
    userId: 1,
    email: 'a@example.com',
    isVerified: true,
    firstName: 'Ada\nBcc: x',
    phone: null,
    locale: 'en-GB',
    timezone: 'UTC',
    preferences: {},
  },
};

describe('renderMail', () => {
  const { subject, text, html } = renderMail({
    firstName: data.recipient.firstName,
    content: composeBookingConfirmed(data, access, links),
  });

  it('has the same content as text and as HTML', () => {
    for (const part of [text, html]) {
      expect(part).toContain('K7MNPQR2XW');
      expect(part).toContain('1 ticket.');
      expect(part).toContain('Stalls, row A, seat 3');
      expect(part).toContain('JP¥1,500');
      expect(part).toContain(`${written('en-GB', 'Asia/Tokyo')} (Asia/Tokyo)`);
      expect(part).toContain('https://tickets.example/bookings/7');
    }
  });

  it('escapes text in HTML and names in headers', () => {
    expect(html).toContain('Tom &amp; &quot;Jerry&quot; &lt;live&gt;');
    expect(html).not.toContain('<live>');
    expect(text).toContain('Tom & "Jerry" <live>');
    expect(text.split('\n', 1)[0]).toBe('Hello Ada Bcc: x,');
    expect(subject).not.toContain('\n');
  });
});

describe('bookingCancelled', () => {
  it.each([
    ['customer', 'Your booking for Tom & "Jerry" <live> is cancelled', 'as you requested'],
    ['organizer', 'Your booking for Tom & "Jerry" <live> is cancelled', 'The organizer cancelled'],
    ['event', 'Tom & "Jerry" <live> is cancelled', 'will not take place'],
  ] as const)('explains a cancellation by the %s', (by, title, sentence) => {
    const content = composeBookingCancelled(data, by, links);
    expect(content.title).toBe(title);
    expect(content.paragraphs[0]).toContain(sentence);
    expect(content.paragraphs).toContain('Reason: Rain');
  });
});

describe('describeTime', () => {
  it('shows the event’s time zone, and also the reader’s if that differs', () => {
    const reader = { locale: 'de', timezone: 'Europe/Berlin' };
    const home = `${written('de', 'Europe/Berlin')} (Europe/Berlin)`;
    expect(home).toMatch(/31\. Januar 2030.*20:30/);
    expect(describeTime(startsAt, 'Europe/Berlin', reader)).toBe(home);
    const there = `${written('de', 'America/New_York')} (America/New_York)`;
    expect(describeTime(startsAt, 'America/New_York', reader)).toBe(`${there}\n${home}`);
  });

  it('tolerates an unknown time zone or language', () => {
    expect(describeTime(startsAt, 'Moon/Tranquility', { locale: 'en', timezone: 'UTC' })).toContain('(UTC)');
    expect(describeTime(startsAt, 'UTC', { locale: '!!', timezone: 'UTC' })).toContain('2030');
  });
});

describe('bookingRescheduled', () => {
  const hour = 3_600_000;
  const said = (before: Partial<TimeAndPlace>, locale = 'de') =>
    composeBookingRescheduled(
      { ...data, recipient: { ...data.recipient, locale } },
      { ...data.event, ...before },
      links,
    ).paragraphs[1];

  it('shows the previous and the new state', () => {
    const before = { startsAt: startsAt - 24 * hour, endsAt: startsAt - 22 * hour, venueName: 'Old hall' };
    const text = said(before);
    expect(text).toMatch(
      /^Zeit: bisher .*31\. Januar 2030.*; jetzt .*1\. Februar 2030.*\nOrt: bisher Old hall; jetzt Hall$/,
    );
    expect(said({ venueName: null }, 'en')).toBe('Venue: was –; is now Hall');
    expect(said({ endsAt: startsAt + hour }, 'en')).toMatch(/^End: was .*; is now /);
    expect(said({ timezone: 'Europe/Vienna' }, 'en')).toMatch(
      /^Time: was .*\(Europe\/Vienna\); is now .*\(Asia\/Tokyo\)$/,
    );
  });
});

describe('eventUpdated', () => {
  it('names each change once', () => {
    const { paragraphs } = composeEventUpdated(
      data.event,
      ['startDate', 'endDate', 'venueName', 'totalTickets', 'basePrice'],
      'en',
    );
    expect(paragraphs).toEqual(['The organizer changed the following: time, venue, details.']);
  });

  it.each([
    [['title', 'description', 'totalTickets'], false],
    [['endDate'], true],
    [['timezone'], true],
    [['venueAddress', 'title'], true],
    [[], false],
  ])('%j: by mail %s', (changed, byMail) => expect(isReschedule(changed)).toBe(byMail));
});

describe('eventCalendar', () => {
  const event: CalendarEvent = {
    id: 3,
    title: 'A, B; C',
    description: '',
    startsAt: new Date(startsAt),
    endsAt: new Date(startsAt + 7_200_000),
    venueName: 'Hall',
    venueAddress: 'Pier 1',
    version: 4,
    updatedAt: new Date(startsAt),
  };
  const lines = (options = {}) => renderICalendar(event, { host: 'tickets.example', ...options }).split('\r\n');

  it('contains one event in UTC', () => {
    expect(lines()).toEqual(
      expect.arrayContaining([
        'METHOD:PUBLISH',
        'UID:event-3@tickets.example',
        'SEQUENCE:16',
        'DTSTART:20300131T193000Z',
        'DTEND:20300131T213000Z',
        'SUMMARY:A\\, B\\; C',
        'LOCATION:Hall\\, Pier 1',
        'STATUS:CONFIRMED',
      ]),
    );
  });

  it('removes the same event, with a later sequence than any change', () => {
    expect(lines({ isCancelled: true })).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'UID:event-3@tickets.example', 'SEQUENCE:19', 'STATUS:CANCELLED']),
    );
  });
});

describe('calendar entries', () => {
  const event: CalendarEvent = {
    id: 3,
    title: 'A',
    startsAt: new Date(startsAt),
    endsAt: new Date(startsAt + 7_200_000),
    venueName: null,
    venueAddress: null,
    version: 4,
    updatedAt: new Date(startsAt),
  };
  const entry = (subject: CalendarSubject, isCancelled = false, version = 4) => {
    const text = renderICalendar({ ...event, version }, { host: 'x.example', subject, isCancelled });
    return { uid: /UID:(.*)\r/.exec(text)![1], sequence: Number(/SEQUENCE:(\d+)/.exec(text)![1]) };
  };
  const booking = (status: string, hasExpired = false) => ({ kind: 'booking', id: 7, status, hasExpired }) as const;

  it('exist once per booking and per ticket holder', () => {
    const entries = [
      entry({ kind: 'event' }),
      entry(booking('confirmed')),
      entry({ ...booking('confirmed'), id: 8 }),
      entry({ kind: 'ticket', id: 7, transfers: 1 }),
      entry({ kind: 'ticket', id: 7, transfers: 2 }),
    ];
    expect(new Set(entries.map(({ uid }) => uid)).size).toBe(entries.length);
  });

  it('have a sequence that rises with every change', () => {
    const life = [
      entry(booking('pending')),
      entry(booking('expired', true), true),
      entry(booking('confirmed', true)),
      entry(booking('confirmed', true), false, 5),
      entry(booking('cancelled', true), true, 5),
    ];
    expect(new Set(life.map(({ uid }) => uid)).size).toBe(1);
    const sequences = life.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(entry(booking('cancelled'), true).sequence).toBeGreaterThan(entry(booking('confirmed')).sequence);
  });
});

describe('refundSent', () => {
  const refund: RefundNotificationData = {
    status: 'pending',
    amount: '1500.000',
    currency: 'JPY',
    orderId: 5,
    orderNumber: 'K7MNP-QR2XW',
    bookingId: 7,
    reference: 'K7MNPQR2XW',
    bookingStatus: 'cancelled',
    ticketsCount: 1,
    expiresAt: null,
    cause: 'cancellation',
    reason: null,
    claimUrl: null,
    isToCredits: false,
    event: data.event,
    recipient: data.recipient,
  };

  it('states the amount, the order and where the money arrives', () => {
    const { title, facts, action } = composeRefundSent(refund, links);
    expect(title).toContain('JP¥1,500');
    expect(facts).toContainEqual(['Order', 'K7MNP-QR2XW']);
    expect(action!.url).toBe('https://tickets.example/orders/5');
  });

  it('links to the page where the money can be collected, if it cannot be sent', () => {
    const claimUrl = 'https://btcpay.example/pull-payments/1';
    const { paragraphs, action } = composeRefundSent({ ...refund, claimUrl }, links);
    expect(paragraphs[0]).toContain('please tell us where to send it');
    expect(action).toEqual({ label: 'Claim refund', url: claimUrl });
  });
});

describe('the logo of an organizer', () => {
  const content = { language: 'en', title: 'A title', paragraphs: ['A paragraph'], facts: [] } as const;

  it('is shown above mail about their events, with alternative text', () => {
    const logo = { url: 'https://tickets.example/uploads/a.png', name: 'Grace "Amazing" Hopper' };
    const { html, text } = renderMail({ firstName: null, content: { ...content, paragraphs: [], facts: [] }, logo });
    expect(html).toContain('<img src="https://tickets.example/uploads/a.png" alt="Grace &quot;Amazing&quot; Hopper"');
    expect(text).not.toContain('uploads');
  });

  it('is left out if there is none', () => {
    expect(renderMail({ firstName: null, content: { ...content, paragraphs: [], facts: [] } }).html).not.toContain(
      '<img',
    );
  });
});
