import type { Actor } from '../../../src/lib/actor';
import type { BookingState } from '../../../src/models/inventory/types';
import {
  aBooking,
  aSale,
  aType,
  anActor,
  anEvent,
  answerTo,
  book,
  cancel,
  DAY,
  decided,
  expire,
  HOUR,
  NOW,
  ORGANIZER,
  refusalOf,
  resize,
} from '../../helpers/sale';

const ME = 1;
const me = anActor(ME);
const organizer = anActor(ORGANIZER, 'organizer');
const admin = anActor(800, 'admin');

describe('cancel', () => {
  const soon = (ms: number, values: object = {}) => anEvent({ startsAt: NOW + ms, endsAt: NOW + ms + HOUR, ...values });

  it('frees the tickets and records why', () => {
    const booking = aBooking({ userId: ME, ticketsCount: 2 });
    const { state, event } = aSale({ bookings: [booking] });
    const { changes } = decided(state, cancel(booking.id, me, { reason: 'ill' }));
    expect(event).toMatchObject({ sold: 0, held: 0 });
    expect(event.types[0]).toMatchObject({ sold: 0 });
    expect(booking).toMatchObject({ status: 'cancelled', cancelledAt: NOW, cancelReason: 'ill' });
    expect(changes.messages.map((message) => message())).toEqual([
      { topic: 'booking.cancelled', payload: { bookingId: booking.id, because: 'customer' }, requestId: 'test' },
    ]);
  });

  it.each([
    ['customer', me],
    ['organizer', organizer],
    ['organizer', admin],
    ['event', undefined],
  ])('records who cancelled: %s', (because, actor) => {
    const booking = aBooking({ userId: ME });
    const { changes } = decided(aSale({ bookings: [booking] }).state, cancel(booking.id, actor));
    expect(changes.messages[0]!()).toMatchObject({ payload: { because } });
  });

  it('frees the tickets once, even if repeated', () => {
    const booking = aBooking({ userId: ME, ticketsCount: 3 });
    const { state, event } = aSale({ bookings: [booking, aBooking({ userId: 2, ticketsCount: 3 })] });
    const many = Array.from({ length: 20 }, () => cancel(booking.id, me));
    const { answers } = decided(state, ...many);
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'ALREADY_CANCELLED')).toHaveLength(19);
    expect(event.sold).toBe(3);
  });

  it('is found by its request if the reply to the commit was lost', () => {
    const booking = aBooking({ userId: ME, status: 'cancelled', cancelledAt: NOW, cancelRequestId: 'lost' });
    expect(answerTo(aSale({ bookings: [booking] }).state, cancel(booking.id, me, { requestId: 'lost' }))).toBe('done');
  });

  it('refuses expired and unknown bookings', () => {
    const booking = aBooking({ userId: ME, status: 'expired' });
    const { state } = aSale({ bookings: [booking] });
    expect(answerTo(state, cancel(booking.id, me))).toBe('BOOKING_EXPIRED');
    expect(answerTo(state, cancel(5, me))).toBe('NOT_FOUND');
  });

  it('makes the tickets available again, even to the same user', () => {
    const booking = aBooking({ userId: ME });
    const { state } = aSale({ event: anEvent({ capacity: 1 }), bookings: [booking] });
    expect(decided(state, cancel(booking.id, me), book(ME), book(2)).answers).toMatchObject([
      'done',
      { status: 'confirmed' },
      'SOLD_OUT',
    ]);
  });

  describe('the cancellation window', () => {
    const closed = 'CANCELLATION_WINDOW_CLOSED';

    it.each([
      ['is open a day before the start', 24 * HOUR, {}, 'done'],
      ['is closed a millisecond later', 24 * HOUR - 1, {}, closed],
      ['is closed after the start', -HOUR / 2, {}, closed],
      ['is open within the event’s own window', 3 * HOUR, { cancellationWindowHours: 2.5 }, 'done'],
      ['is closed after the event’s own window', 2 * HOUR, { cancellationWindowHours: 2.5 }, closed],
      ['is open until the start if it is zero hours', 0, { cancellationWindowHours: 0 }, 'done'],
      ['is closed after the start if it is zero hours', -1, { cancellationWindowHours: 0 }, closed],
      ['is closed early if it is many hours', 9 * DAY, { cancellationWindowHours: 240 }, closed],
    ])('%s', (_when, ms, values, expected) => {
      const booking = aBooking({ userId: ME, ...values });
      expect(answerTo(aSale({ event: soon(ms, values), bookings: [booking] }).state, cancel(booking.id, me))).toBe(
        expected,
      );
    });

    it.each([
      ['closes earlier now', 2, 48, 3 * HOUR, 'done'],
      ['closes earlier now, and too late even for the old one', 2, 48, HOUR, closed],
      ['closes later now', 48, 2, 3 * HOUR, 'done'],
      ['closes at the start now', 48, 0, HOUR / 2, 'done'],
      ['is the default now', 48, null, 25 * HOUR, 'done'],
      ['was the default, and closes earlier now', null, 48, 25 * HOUR, 'done'],
    ])('is the better one for the customer, at booking or now: %s', (_what, sold, now, ms, expected) => {
      const booking = aBooking({ userId: ME, cancellationWindowHours: sold });
      const { state } = aSale({ event: soon(ms, { cancellationWindowHours: now }), bookings: [booking] });
      expect(answerTo(state, cancel(booking.id, me))).toBe(expected);
    });

    it('is copied to a new booking, even if it is the default', () => {
      const refundPolicy = { fullUntilHours: 3, thenPercent: 10 };
      const { state } = aSale({ event: anEvent({ cancellationWindowHours: 2.5, refundPolicy }) });
      expect(decided(state, book(ME)).changes.insertedBookings).toMatchObject([
        { cancellationWindowHours: 2.5, refundPolicy },
      ]);
      expect(decided(aSale().state, book(ME)).changes.insertedBookings).toMatchObject([
        { cancellationWindowHours: 24, refundPolicy: null },
      ]);
    });

    it('appears in the refusal, with the time at which it closed', () => {
      const booking = aBooking({ userId: ME, cancellationWindowHours: 2.5 });
      const { state } = aSale({ event: soon(HOUR, { cancellationWindowHours: 24 }), bookings: [booking] });
      const refusal = refusalOf(state, cancel(booking.id, me));
      expect(refusal.message).toContain('2.5 hours');
      expect(refusal.details).toMatchObject([{ cancellableUntil: '2030-01-01T10:30:00.000Z' }]);
    });

    it.each([
      ['the organizer', organizer],
      ['an admin', admin],
      ['the system', undefined],
    ])('does not apply to %s', (_who, actor) => {
      const booking = aBooking({ userId: ME });
      expect(answerTo(aSale({ event: soon(-HOUR / 2), bookings: [booking] }).state, cancel(booking.id, actor))).toBe(
        'done',
      );
    });

    it('applies to the organizer of another event', () => {
      const booking = aBooking({ userId: 7 });
      const { state } = aSale({ event: soon(HOUR), bookings: [booking] });
      expect(answerTo(state, cancel(booking.id, anActor(7, 'organizer')))).toBe(closed);
    });

    it('does not apply to an unpaid hold', () => {
      const booking = aBooking({ userId: ME, status: 'pending' });
      const { state, event } = aSale({ event: soon(HOUR), bookings: [booking] });
      expect(answerTo(state, cancel(booking.id, me))).toBe('done');
      expect(event.held).toBe(0);
    });

    it('reopens for bookings made before the event was moved, until it starts', () => {
      const before = () => aBooking({ userId: ME, createdAt: NOW - HOUR });
      const after = () => aBooking({ userId: ME, createdAt: NOW - 10 });
      const answer = (booking: ReturnType<typeof aBooking>, startsIn: number) =>
        answerTo(
          aSale({ event: soon(startsIn, { rescheduledAt: NOW - 20 }), bookings: [booking] }).state,
          cancel(booking.id, me),
        );
      expect(answer(before(), HOUR)).toBe('done');
      expect(answer(after(), HOUR)).toBe(closed);
      expect(answer(before(), -1)).toBe(closed);
    });
  });
});

describe('cancel', () => {
  const isIn = (ticket: Partial<BookingState['tickets'][number]>) => {
    const made = { id: 1, ticketTypeId: 11, nonce: '', status: 'valid', attendeeName: null, seatId: null } as const;
    const tickets = [{ ...made, isTransferred: false, checkedInAt: null, ...ticket }];
    return aBooking({ userId: ME, tickets });
  };

  it.each([
    ['ALREADY_CHECKED_IN', { checkedInAt: NOW - 1 }],
    ['ALREADY_CHECKED_IN', { checkedInAt: NOW - 1, isTransferred: true }],
    ['TICKET_TRANSFERRED', { isTransferred: true }],
    ['done', { status: 'void', checkedInAt: NOW - 1, isTransferred: true }],
    ['done', {}],
  ] as const)('returns %s for the customer, and always allows staff: %p', (expected, ticket) => {
    const answer = (actor: Actor | undefined) => {
      const booking = isIn(ticket);
      return answerTo(aSale({ bookings: [booking] }).state, cancel(booking.id, actor));
    };
    expect(answer(me)).toBe(expected);
    for (const actor of [organizer, admin, undefined]) expect(answer(actor)).toBe('done');
  });
});

describe('expire', () => {
  it('expires a hold when its time is over', () => {
    const booking = aBooking({ userId: ME, ticketsCount: 2, status: 'pending', expiresAt: NOW });
    const { state, event } = aSale({ bookings: [booking] });
    const { answers, changes } = decided(state, expire(booking.id), expire(booking.id));
    expect(answers).toEqual([true, false]);
    expect(event.held).toBe(0);
    expect(booking.status).toBe('expired');
    expect(changes.messages.map((message) => message().topic)).toEqual(['booking.expired']);
  });

  it('does not expire a hold before that', () => {
    const booking = aBooking({ userId: ME, status: 'pending', expiresAt: NOW + 1 });
    expect(answerTo(aSale({ bookings: [booking] }).state, expire(booking.id))).toBe(false);
    expect(booking.status).toBe('pending');
  });

  it.each(['confirmed', 'cancelled', 'expired'] as const)('does not change a %s booking', (status) => {
    const booking = aBooking({ userId: ME, status, expiresAt: NOW - 1 });
    expect(answerTo(aSale({ bookings: [booking] }).state, expire(booking.id))).toBe(false);
    expect(booking.status).toBe(status);
  });

  it.each([
    ['over', { startsAt: NOW - DAY, endsAt: NOW - HOUR }],
    ['cancelled', { status: 'cancelled' }],
    ['gone', { isDeleted: true, status: 'cancelled' }],
  ] as const)('works for an event that is %s', (_what, values) => {
    const booking = aBooking({ userId: ME, status: 'pending', expiresAt: NOW - 1 });
    const { state, event } = aSale({ event: anEvent(values), bookings: [booking] });
    expect(answerTo(state, expire(booking.id))).toBe(true);
    expect(event.held).toBe(0);
  });
});

describe('resize', () => {
  const taken = () => aSale({ event: anEvent({ capacity: 5 }), bookings: [aBooking({ userId: 2, ticketsCount: 3 })] });

  it.each([[3], [4], [100], [null]])('sets the capacity to %p', (capacity) => {
    const { state, event } = taken();
    const { answers, changes } = decided(state, resize({ capacity }));
    expect(answers).toEqual(['done']);
    expect(event.capacity).toBe(capacity);
    expect([...changes.resizedEvents]).toEqual([event]);
  });

  it('refuses a capacity below the tickets taken, and states how many are taken', () => {
    const { state, event } = taken();
    expect(refusalOf(state, resize({ capacity: 2 }))).toMatchObject({
      code: 'CAPACITY_BELOW_BOOKED',
      details: [{ path: 'totalTickets', booked: 3 }],
    });
    expect(event.capacity).toBe(5);
  });

  it('counts held tickets as taken', () => {
    const bookings = [aBooking({ userId: 2, ticketsCount: 3, status: 'pending' })];
    expect(answerTo(aSale({ event: anEvent({ capacity: 5 }), bookings }).state, resize({ capacity: 2 }))).toBe(
      'CAPACITY_BELOW_BOOKED',
    );
  });

  it('sets the capacity of a type, and refuses everything if one part is refused', () => {
    const { state, event } = taken();
    const change = (capacity: number | null) => ({ types: [{ ticketTypeId: 11, capacity }] });
    expect(answerTo(state, resize({ capacity: 50, ...change(2) }))).toBe('CAPACITY_BELOW_BOOKED');
    expect([event.capacity, event.types[0]!.capacity]).toEqual([5, null]);
    expect(answerTo(state, resize(change(3)))).toBe('done');
    expect(answerTo(state, book(1))).toBe('SOLD_OUT');
    expect(answerTo(state, resize(change(null)))).toBe('done');
    expect(answerTo(state, book(1))).toMatchObject({ status: 'confirmed' });
  });

  it('refuses a type of another event', () => {
    expect(answerTo(taken().state, resize({ types: [{ ticketTypeId: 99, capacity: 5 }] }))).toBe('NOT_FOUND');
  });

  it('decides later commands by the new capacity', () => {
    const { state } = aSale({ event: anEvent({ capacity: 0, types: [aType()] }) });
    expect(decided(state, book(1), resize({ capacity: 1 }), book(2), resize({ capacity: 0 })).answers).toMatchObject([
      'SOLD_OUT',
      'done',
      { status: 'confirmed' },
      'CAPACITY_BELOW_BOOKED',
    ]);
  });
});

describe('decide', () => {
  it('fails the whole batch on a programming error, unlike on a refusal', () => {
    const { state } = aSale();
    const broken = { ...book(1), wanted: [null] } as never;
    expect(() => decided(state, broken)).toThrow(TypeError);
  });
});
