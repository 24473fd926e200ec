import type { EventState } from '../../../src/models/inventory/types';
import {
  aBooking,
  aSale,
  aType,
  anEntry,
  anEvent,
  answerTo,
  book,
  decided,
  HOUR,
  MINUTE,
  NOW,
  refusalOf,
} from '../../helpers/sale';

const ME = 1;

describe('book', () => {
  describe('books tickets', () => {
    it('confirms a free booking at once', () => {
      const { state, event } = aSale();
      const { answers, changes } = decided(state, book(ME, 3));
      expect(answers[0]).toMatchObject({
        status: 'confirmed',
        ticketsCount: 3,
        totalAmount: '0.00',
        expiresAt: null,
        order: null,
        items: [{ ticketTypeId: 11, name: 'General admission', quantity: 3, unitPrice: '0.00' }],
      });
      expect(event).toMatchObject({ sold: 3, held: 0 });
      expect(event.types[0]).toMatchObject({ sold: 3, held: 0 });
      expect(changes.messages.map((message) => message().topic)).toEqual(['booking.confirmed']);
    });

    it('holds a priced booking', () => {
      const { state, event } = aSale({ event: anEvent({ types: [aType({ price: '12.5' })] }) });
      const { answers, changes } = decided(state, book(ME, 2));
      expect(answers[0]).toMatchObject({
        status: 'pending',
        totalAmount: '25.00',
        expiresAt: new Date(NOW + 15 * MINUTE).toISOString(),
      });
      expect(event).toMatchObject({ sold: 0, held: 2 });
      expect(changes.messages).toEqual([]);
    });

    it('merges items of one type', () => {
      const types = [aType({ maxPerBooking: 4 }), aType({ id: 12, name: 'Balcony' })];
      const { state, event } = aSale({ event: anEvent({ types }) });
      const requested = [
        { ticketTypeId: 11, quantity: 2 },
        { ticketTypeId: 12, quantity: 1 },
        { ticketTypeId: 11, quantity: 2 },
      ];
      expect(answerTo(state, book(ME, requested))).toMatchObject({
        ticketsCount: 5,
        items: [
          { ticketTypeId: 11, quantity: 4 },
          { ticketTypeId: 12, quantity: 1 },
        ],
      });
      expect(event.types.map(({ sold }) => sold)).toEqual([4, 1]);
    });

    it('books the last ticket but not one more', () => {
      const { state, event } = aSale({ event: anEvent({ capacity: 1 }) });
      expect(decided(state, book(1), book(2), book(3)).answers).toMatchObject([
        { status: 'confirmed' },
        'SOLD_OUT',
        'SOLD_OUT',
      ]);
      expect(event.sold).toBe(1);
    });

    it('never books fewer than requested', () => {
      const { state, event } = aSale({ event: anEvent({ capacity: 3 }) });
      expect(answerTo(state, book(ME, 4))).toBe('SOLD_OUT');
      expect(event.sold).toBe(0);
    });

    it('has no limit for an unlimited event', () => {
      const { state } = aSale({ event: anEvent({ capacity: null, sold: 1_000_000 }) });
      expect(answerTo(state, book(ME, 10))).toMatchObject({ status: 'confirmed' });
    });

    it('adds a message with the id that the booking gets on insert', () => {
      const { state } = aSale();
      const { changes } = decided(state, book(1), book(2));
      changes.insertedBookings.forEach((booking, index) => (booking.id = 70 + index));
      expect(changes.messages.map((message) => message().payload)).toEqual([{ bookingId: 70 }, { bookingId: 71 }]);
    });
  });

  describe('limits', () => {
    it('applies the type’s limit even if the event has more', () => {
      const { state } = aSale({ event: anEvent({ capacity: 10, types: [aType({ capacity: 2 })] }) });
      expect(refusalOf(state, book(ME, 3))).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 2 }] });
    });

    it('applies the event’s limit even if the types have more', () => {
      const types = [aType({ capacity: 5 }), aType({ id: 12, capacity: 5 })];
      const { state } = aSale({ event: anEvent({ capacity: 6, types }) });
      const requested = [
        { ticketTypeId: 11, quantity: 4 },
        { ticketTypeId: 12, quantity: 3 },
      ];
      expect(refusalOf(state, book(ME, requested))).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 6 }] });
    });

    it('books nothing if one of several types is short', () => {
      const types = [aType(), aType({ id: 12, capacity: 1 })];
      const { state, event } = aSale({ event: anEvent({ types }) });
      const requested = [
        { ticketTypeId: 11, quantity: 1 },
        { ticketTypeId: 12, quantity: 2 },
      ];
      expect(refusalOf(state, book(ME, requested))).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 1 }] });
      expect(event.types.map(({ sold }) => sold)).toEqual([0, 0]);
    });

    it.each([
      [0, 'none are left'],
      [2, '2 are left'],
    ])('states that %d tickets are left', (left, message) => {
      const { state } = aSale({ event: anEvent({ capacity: 5, sold: 3, held: 2 - left }) });
      expect(refusalOf(state, book(ME, 4)).details).toEqual([{ path: 'ticketsCount', message, available: left }]);
    });

    it('names the field with the error: the count or the type', () => {
      const event = (): EventState => anEvent({ capacity: 5, types: [aType({ capacity: 1 })] });
      expect(refusalOf(aSale({ event: event() }).state, book(ME, 2)).details?.[0]?.path).toBe('ticketsCount');
      const items = [{ ticketTypeId: 11, quantity: 2 }];
      expect(refusalOf(aSale({ event: event() }).state, book(ME, items)).details?.[0]?.path).toBe('items.0.quantity');
    });

    it.each([
      ['below the minimum', { minPerBooking: 2 }, 1],
      ['above the maximum', { maxPerBooking: 3 }, 4],
    ])('refuses a quantity %s of its type with 400', (_what, limits, wanted) => {
      const { state } = aSale({ event: anEvent({ types: [aType(limits)] }) });
      expect(answerTo(state, book(ME, wanted))).toBe('VALIDATION_ERROR');
    });

    it.each([
      [{ minPerBooking: 2 }, 2],
      [{ maxPerBooking: 3 }, 3],
    ])('accepts the limit itself: %j', (limits, wanted) => {
      const { state } = aSale({ event: anEvent({ types: [aType(limits)] }) });
      expect(answerTo(state, book(ME, wanted))).toMatchObject({ ticketsCount: wanted });
    });

    it('sells one user no more than the event allows, across all bookings', () => {
      const event = () => anEvent({ maxPerUser: 3, allowMultipleBookings: true });
      const bookings = () => [aBooking({ userId: ME, ticketsCount: 2, isExclusive: false })];
      expect(answerTo(aSale({ event: event(), bookings: bookings() }).state, book(ME, 2))).toBe('VALIDATION_ERROR');
      expect(answerTo(aSale({ event: event(), bookings: bookings() }).state, book(ME, 1))).toMatchObject({
        ticketsCount: 1,
      });
      expect(answerTo(aSale({ event: event(), bookings: bookings() }).state, book(2, 3))).toMatchObject({
        ticketsCount: 3,
      });
    });

    it('refuses a total that is too large for the database', () => {
      const { state } = aSale({
        event: anEvent({ taxRate: '20', isTaxInclusive: false, types: [aType({ price: '9999999999.99' })] }),
      });
      expect(answerTo(state, book(ME, 10))).toBe('VALIDATION_ERROR');
    });
  });

  describe('sale windows', () => {
    const types = (from: number | null, to: number | null) => [aType({ salesStartAt: from, salesEndAt: to })];
    const closed = 'SALES_CLOSED';
    const open = { status: 'confirmed' };

    it.each([
      ['closed before the window opens', types(NOW + 1, null), {}, closed],
      ['open from the moment the window opens', types(NOW, null), {}, open],
      ['open until just before the window closes', types(null, NOW + 1), {}, open],
      ['closed from the moment the window closes', types(null, NOW), {}, closed],
      ['open until the start if there is no window', types(null, null), { startsAt: NOW + 1 }, open],
      ['closed at the start if there is no window', types(null, null), { startsAt: NOW, endsAt: NOW + HOUR }, closed],
      [
        'open after the start if the window closes later',
        types(null, NOW + 1),
        { startsAt: NOW - HOUR, endsAt: NOW + HOUR },
        open,
      ],
    ])('%s', (_when, windows, times, expected) => {
      const { state } = aSale({ event: anEvent({ ...times, types: windows }) });
      expect([answerTo(state, book(ME))]).toMatchObject([expected]);
    });

    it('closed if one of the requested types is closed', () => {
      const two = [aType(), aType({ id: 12, salesEndAt: NOW - 1 })];
      const both = [11, 12].map((ticketTypeId) => ({ ticketTypeId, quantity: 1 }));
      expect(answerTo(aSale({ event: anEvent({ types: two }) }).state, book(ME, both))).toBe(closed);
      expect(answerTo(aSale({ event: anEvent({ types: two }) }).state, book(ME, both.slice(0, 1)))).toMatchObject(open);
    });
  });

  describe('one active booking per user and event', () => {
    it.each(['pending', 'confirmed'] as const)('refuses another besides a %s one, and names that one', (status) => {
      const booking = aBooking({ userId: ME, status });
      const { state } = aSale({ bookings: [booking] });
      expect(refusalOf(state, book(ME))).toMatchObject({
        code: 'DUPLICATE_BOOKING',
        details: [{ path: 'eventId', bookingId: booking.id, reference: booking.reference }],
      });
    });

    it.each(['cancelled', 'expired'] as const)('accepts another after a %s one', (status) => {
      const { state } = aSale({ bookings: [aBooking({ userId: ME, status })] });
      expect(answerTo(state, book(ME))).toMatchObject({ status: 'confirmed' });
    });

    it('counts a booking from the same batch, and names it by its id', () => {
      const { state } = aSale();
      const { outcomes, changes } = decided(state, book(ME), book(ME));
      changes.insertedBookings[0]!.id = 77;
      const [, second] = outcomes;
      expect(second).toMatchObject({ ok: false, error: { code: 'DUPLICATE_BOOKING' } });
      const { details } = (second as unknown as { error: { details: unknown } }).error;
      expect(JSON.parse(JSON.stringify(details))).toMatchObject([
        { bookingId: 77, reference: changes.insertedBookings[0]!.reference },
      ]);
    });

    it('accepts several if the event allows it', () => {
      const { state, event } = aSale({ event: anEvent({ allowMultipleBookings: true }) });
      const { changes } = decided(state, book(ME), book(ME), book(ME));
      expect(event.sold).toBe(3);
      expect(changes.insertedBookings.map(({ isExclusive }) => isExclusive)).toEqual([false, false, false]);
    });

    it('does not affect other users or other events', () => {
      const other = aBooking({ userId: ME, eventId: 2, items: [] });
      const { state } = aSale({ bookings: [aBooking({ userId: 2 }), other] });
      expect(answerTo(state, book(ME))).toMatchObject({ status: 'confirmed' });
    });
  });

  describe('claiming an offer', () => {
    const offer = (more = {}) => anEntry({ userId: ME, status: 'offered', ticketsCount: 3, ...more });

    it('books the tickets that the offer holds', () => {
      const waitlistEntry = offer();
      const { state, event } = aSale({ event: anEvent({ capacity: 3 }), entries: [waitlistEntry] });
      const { answers, changes } = decided(state, book(ME, 3));
      expect(answers[0]).toMatchObject({ status: 'confirmed' });
      expect(event).toMatchObject({ sold: 3, held: 0 });
      expect(waitlistEntry.status).toBe('claimed');
      expect(changes.claims.get(changes.insertedBookings[0]!)).toBe(waitlistEntry);
    });

    it('refuses more than offered', () => {
      const waitlistEntry = offer();
      const { state } = aSale({ event: anEvent({ capacity: 3 }), entries: [waitlistEntry] });
      expect(refusalOf(state, book(ME, 4))).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 3 }] });
      expect(waitlistEntry.status).toBe('offered');
    });

    it('refuses other users', () => {
      const { state } = aSale({ event: anEvent({ capacity: 3 }), entries: [offer()] });
      expect(refusalOf(state, book(2, 1))).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 0 }] });
    });

    it('offers the rest to the waitlist if the claim is smaller', () => {
      const next = anEntry({ userId: 2, ticketsCount: 2 });
      const { state, event } = aSale({ event: anEvent({ capacity: 3 }), entries: [offer(), next] });
      decided(state, book(ME, 1));
      expect(event).toMatchObject({ sold: 1, held: 2, waiting: 0 });
      expect(next).toMatchObject({ status: 'offered', offeredCount: 2 });
    });

    it('releases the offered tickets when another type is booked', () => {
      const types = [aType({ capacity: 3 }), aType({ id: 12, capacity: 3 })];
      const { state, event } = aSale({ event: anEvent({ capacity: 6, types }), entries: [offer()] });
      expect(answerTo(state, book(ME, [{ ticketTypeId: 12, quantity: 3 }]))).toMatchObject({ status: 'confirmed' });
      expect(event.types.map(({ sold, held }) => [sold, held])).toEqual([
        [0, 0],
        [3, 0],
      ]);
    });

    it('does not use the hold on one type for another', () => {
      const types = [aType({ capacity: 3 }), aType({ id: 12, capacity: 0 })];
      const { state } = aSale({ event: anEvent({ capacity: 6, types }), entries: [offer()] });
      expect(answerTo(state, book(ME, [{ ticketTypeId: 12, quantity: 1 }]))).toBe('SOLD_OUT');
    });

    it('closes the entry of a user who is still waiting', () => {
      const waitlistEntry = anEntry({ userId: ME, ticketsCount: 3 });
      const { state, event } = aSale({ event: anEvent({ capacity: 1 }), entries: [waitlistEntry] });
      expect(answerTo(state, book(ME, 1))).toMatchObject({ status: 'confirmed' });
      expect(waitlistEntry.status).toBe('claimed');
      expect(event).toMatchObject({ sold: 1, waiting: 0 });
    });
  });
});
