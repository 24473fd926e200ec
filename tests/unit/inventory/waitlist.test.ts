import {
  aBooking,
  aSale,
  aType,
  anActor,
  anEntry,
  anEvent,
  answerTo,
  book,
  cancel,
  DAY,
  decided,
  expire,
  expireOffer,
  HOUR,
  join,
  leave,
  MINUTE,
  NOW,
  ORGANIZER,
  resize,
} from '../../helpers/sale';

const organizer = anActor(ORGANIZER, 'organizer');
const soldOut = (capacity = 2) => ({
  event: anEvent({ capacity }),
  bookings: [aBooking({ userId: 500, ticketsCount: capacity })],
});

describe('join', () => {
  it('adds the user at the end of the queue', () => {
    const { state, event } = aSale({ ...soldOut(), entries: [anEntry({ userId: 1 }), anEntry({ userId: 2 })] });
    const { answers } = decided(state, join(3), join(4, { ticketsCount: 2, acceptFewer: true }));
    expect(answers).toMatchObject([
      { status: 'waiting', position: 3, ticketsCount: 1, acceptFewer: false, offeredCount: null, offerExpiresAt: null },
      { status: 'waiting', position: 4, ticketsCount: 2, acceptFewer: true },
    ]);
    expect(event.waiting).toBe(4);
  });

  it('refuses a user who could book', () => {
    expect(answerTo(aSale().state, join(1))).toBe('TICKETS_AVAILABLE');
    expect(answerTo(aSale({ event: anEvent({ capacity: null }) }).state, join(1, { ticketsCount: 10 }))).toBe(
      'TICKETS_AVAILABLE',
    );
  });

  it('accepts a user who needs more tickets than are free', () => {
    const { state } = aSale({ event: anEvent({ capacity: 2 }) });
    expect(answerTo(state, join(1, { ticketsCount: 3 }))).toMatchObject({ status: 'waiting', position: 1 });
  });

  it('makes an offer at once to a user who accepts fewer', () => {
    const { state, event } = aSale({ event: anEvent({ capacity: 2 }) });
    const { answers, changes } = decided(state, join(1, { ticketsCount: 3, acceptFewer: true }));
    expect(answers).toMatchObject([{ status: 'offered', position: null, offeredCount: 2 }]);
    expect(event).toMatchObject({ held: 2, waiting: 0 });
    expect(changes.messages.map((message) => message().topic)).toEqual(['waitlist.offered']);
  });

  it.each([
    ['waiting', 'ALREADY_ON_WAITLIST'],
    ['offered', 'ALREADY_ON_WAITLIST'],
  ] as const)('refuses a user whose entry is %s', (status, code) => {
    const { state } = aSale({
      ...soldOut(),
      event: anEvent({ capacity: 3 }),
      entries: [anEntry({ userId: 1, status })],
    });
    expect(answerTo(state, join(1, { ticketsCount: 2 }))).toBe(code);
  });

  it.each(['claimed', 'expired', 'left'] as const)('accepts a user whose entry is %s, at the end', (status) => {
    const { state } = aSale({ ...soldOut(), entries: [anEntry({ userId: 1, status }), anEntry({ userId: 2 })] });
    expect(answerTo(state, join(1))).toMatchObject({ status: 'waiting', position: 2 });
  });

  it('refuses a user who has booked, unless the event allows several bookings', () => {
    const sale = (allowMultipleBookings: boolean) =>
      aSale({
        event: anEvent({ capacity: 1, allowMultipleBookings }),
        bookings: [aBooking({ userId: 1, isExclusive: !allowMultipleBookings })],
      });
    expect(answerTo(sale(false).state, join(1))).toBe('DUPLICATE_BOOKING');
    expect(answerTo(sale(true).state, join(1))).toMatchObject({ status: 'waiting' });
  });

  it.each([
    ['draft', 'NOT_FOUND'],
    ['cancelled', 'EVENT_NOT_BOOKABLE'],
    ['completed', 'EVENT_NOT_BOOKABLE'],
  ] as const)('refuses users for a %s event', (status, code) => {
    expect(answerTo(aSale({ event: anEvent({ capacity: 0, status }) }).state, join(1))).toBe(code);
  });

  it('refuses users for an event that is over, deleted or unknown', () => {
    const over = anEvent({ capacity: 0, startsAt: NOW - DAY, endsAt: NOW });
    expect(answerTo(aSale({ event: over }).state, join(1))).toBe('EVENT_NOT_BOOKABLE');
    expect(answerTo(aSale({ event: anEvent({ isDeleted: true }) }).state, join(1))).toBe('NOT_FOUND');
    expect(answerTo(aSale().state, join(1, { eventId: 7 }))).toBe('NOT_FOUND');
  });

  describe('with a ticket type', () => {
    const types = () => [aType({ capacity: 0 }), aType({ id: 12, capacity: 5 })];

    it('waits for that type, even if other types are available', () => {
      const { state } = aSale({ event: anEvent({ types: types() }) });
      expect(answerTo(state, join(1, { ticketTypeId: 11 }))).toMatchObject({ status: 'waiting', ticketTypeId: 11 });
      expect(answerTo(state, join(2, { ticketTypeId: 12 }))).toBe('TICKETS_AVAILABLE');
      expect(answerTo(state, join(3))).toBe('TICKETS_AVAILABLE');
    });

    it('refuses a type of another event with 400', () => {
      expect(answerTo(aSale(soldOut()).state, join(1, { ticketTypeId: 99 }))).toBe('VALIDATION_ERROR');
    });
  });

  describe('a quantity that could never be booked', () => {
    const sale = (limits: object, event: object = {}) =>
      aSale({ event: anEvent({ capacity: 0, types: [aType({ name: 'A', ...limits })], ...event }) }).state;

    it.each([
      ['below the type’s minimum', { minPerBooking: 2 }, {}, 1],
      ['above the type’s maximum', { maxPerBooking: 2 }, {}, 3],
      ['above what one user may have', {}, { maxPerUser: 2 }, 3],
    ])('is refused with 400: %s', (_what, limits, event, ticketsCount) => {
      expect(answerTo(sale(limits, event), join(1, { ticketTypeId: 11, ticketsCount }))).toBe('VALIDATION_ERROR');
      expect(answerTo(sale(limits, event), join(1, { ticketsCount }))).toBe('VALIDATION_ERROR');
    });

    it('is accepted if at least one type sells it', () => {
      const types = [aType({ minPerBooking: 4 }), aType({ id: 12, maxPerBooking: 2 })];
      const { state } = aSale({ event: anEvent({ capacity: 0, types }) });
      expect(answerTo(state, join(1, { ticketsCount: 2 }))).toMatchObject({ status: 'waiting' });
      expect(answerTo(state, join(2, { ticketsCount: 4 }))).toMatchObject({ status: 'waiting' });
      expect(answerTo(state, join(3, { ticketsCount: 3 }))).toBe('VALIDATION_ERROR');
    });

    it('counts what the user has already booked', () => {
      const bookings = [aBooking({ userId: 1, ticketsCount: 2, isExclusive: false })];
      const event = anEvent({ capacity: 2, maxPerUser: 3, allowMultipleBookings: true });
      const { state } = aSale({ event, bookings });
      expect(answerTo(state, join(1, { ticketsCount: 2 }))).toBe('VALIDATION_ERROR');
      expect(answerTo(state, join(1, { ticketsCount: 1 }))).toMatchObject({ status: 'waiting' });
    });
  });

  it('adds one entry for a repeated request', () => {
    const idempotency = { key: 'k', fingerprint: 'f' };
    const { state, event } = aSale(soldOut());
    const { answers } = decided(state, join(1, { idempotency }), join(1, { idempotency }));
    expect(answers[1]).toEqual(['replay', answers[0]]);
    expect(event.waiting).toBe(1);
  });

  it('finds the entry by its request if the reply to the commit was lost', () => {
    const waitlistEntry = anEntry({ userId: 1, requestId: 'lost' });
    const { state } = aSale({ ...soldOut(), entries: [waitlistEntry] });
    expect(answerTo(state, join(1, { requestId: 'lost' }))).toMatchObject({ id: waitlistEntry.id });
  });
});

describe('freed tickets', () => {
  const mine = aBooking({ userId: 500, ticketsCount: 2 });
  const pending = aBooking({ userId: 501, ticketsCount: 2, status: 'pending', expiresAt: NOW - 1 });
  const lapsed = anEntry({ userId: 502, ticketsCount: 2, status: 'offered', offerExpiresAt: NOW - 1 });
  const full = (queue: ReturnType<typeof anEntry>[]) =>
    aSale({
      event: anEvent({ capacity: 6 }),
      bookings: [{ ...mine }, { ...pending }],
      entries: [{ ...lapsed }, ...queue],
    });

  it.each([
    ['cancelling a booking', () => cancel(mine.id, organizer)],
    ['giving up an unpaid hold', () => cancel(pending.id, anActor(501))],
    ['a hold that expires', () => expire(pending.id)],
    ['an offer that expires', () => expireOffer(lapsed.id)],
    ['an offer that is given up', () => leave(502)],
    ['more capacity', () => resize({ capacity: 8 })],
  ])('are offered in the same decision: %s', (_what, command) => {
    const waitlistEntry = anEntry({ userId: 1, ticketsCount: 2 });
    const { state, event } = full([waitlistEntry]);
    const { changes } = decided(state, command());
    expect(waitlistEntry).toMatchObject({ status: 'offered', offeredCount: 2, offeredTicketTypeId: 11 });
    expect(event.waiting).toBe(0);
    expect(changes.messages.map((message) => message())).toContainEqual(
      expect.objectContaining({ topic: 'waitlist.offered', payload: { entryId: waitlistEntry.id } }),
    );
  });

  it('are unavailable to later commands of the same batch', () => {
    const { state } = full([anEntry({ userId: 1, ticketsCount: 2 })]);
    expect(decided(state, cancel(mine.id, organizer), book(2, 1)).answers).toEqual(['done', 'SOLD_OUT']);
  });

  it('are available to everybody once the waitlist is served', () => {
    const { state } = full([anEntry({ userId: 1, ticketsCount: 1 })]);
    expect(decided(state, cancel(mine.id, organizer), book(2, 1)).answers).toMatchObject([
      'done',
      { status: 'confirmed' },
    ]);
  });
});

describe('the queue', () => {
  /** Offers `free` tickets to the queue and returns the count offered to each entry, 0 if it still waits. */
  function offered(free: number, queue: ReturnType<typeof anEntry>[], types = [aType()]): number[] {
    const { state } = aSale({ event: anEvent({ capacity: 0, types }), entries: queue });
    decided(state, resize({ capacity: free }));
    return queue.map(({ status, offeredCount }) => (status === 'offered' ? offeredCount! : 0));
  }
  const wants = (...counts: (number | 'fewer 3')[]) =>
    counts.map((count, index) =>
      anEntry({ userId: index + 1, ticketsCount: count === 'fewer 3' ? 3 : count, acceptFewer: count === 'fewer 3' }),
    );

  it('is served in the order of joining', () => {
    expect(offered(2, wants(1, 1, 1))).toEqual([1, 1, 0]);
  });

  it('skips entries that need more tickets than are free; they keep their position', () => {
    const queue = wants(3, 1, 1);
    const { state } = aSale({ event: anEvent({ capacity: 0 }), entries: queue });
    decided(state, resize({ capacity: 1 }));
    expect(queue.map(({ status }) => status)).toEqual(['waiting', 'offered', 'waiting']);
    decided(state, resize({ capacity: 4 }));
    expect(queue.map(({ status }) => status)).toEqual(['offered', 'offered', 'waiting']);
  });

  it('offers the tickets that are free to an entry that accepts fewer', () => {
    expect(offered(2, wants('fewer 3', 1))).toEqual([2, 0]);
    expect(offered(4, wants('fewer 3', 1))).toEqual([3, 1]);
  });

  it('never offers other entries fewer than requested', () => {
    expect(offered(2, wants(3, 3))).toEqual([0, 0]);
  });

  it('offers entries for a type only that type', () => {
    const types = [aType({ capacity: 1 }), aType({ id: 12, capacity: 2 })];
    const queue = [
      anEntry({ userId: 1, ticketTypeId: 12, ticketsCount: 2 }),
      anEntry({ userId: 2, ticketTypeId: 11, ticketsCount: 2 }),
      anEntry({ userId: 3, ticketTypeId: 11 }),
    ];
    expect(offered(10, queue, types)).toEqual([2, 0, 1]);
    expect(queue.map(({ offeredTicketTypeId }) => offeredTicketTypeId)).toEqual([12, null, 11]);
  });

  it('offers an entry for any type the type that has enough tickets', () => {
    const types = [aType({ capacity: 1 }), aType({ id: 12, capacity: 2 })];
    const queue = wants(2, 'fewer 3');
    expect(offered(10, queue, types)).toEqual([2, 1]);
    expect(queue.map(({ offeredTicketTypeId }) => offeredTicketTypeId)).toEqual([12, 11]);
  });

  it('offers an entry that accepts fewer the type with the most tickets', () => {
    const types = [aType({ capacity: 1 }), aType({ id: 12, capacity: 2 })];
    const queue = wants('fewer 3');
    expect(offered(10, queue, types)).toEqual([2]);
  });

  it('offers no quantity that the type does not sell', () => {
    expect(offered(1, wants('fewer 3'), [aType({ minPerBooking: 2 })])).toEqual([0]);
    expect(offered(2, wants('fewer 3'), [aType({ minPerBooking: 2 })])).toEqual([2]);
    expect(offered(9, wants('fewer 3'), [aType({ maxPerBooking: 2 })])).toEqual([2]);
    expect(offered(9, wants(1), [aType({ minPerBooking: 2 })])).toEqual([0]);
    expect(offered(9, wants(3), [aType({ maxPerBooking: 2 })])).toEqual([0]);
  });

  it('offers only tickets that are on sale', () => {
    expect(offered(5, wants(1), [aType({ salesEndAt: NOW })])).toEqual([0]);
    expect(offered(5, wants(1), [aType({ salesStartAt: NOW + 1 })])).toEqual([0]);
  });

  it.each([
    ['cancelled', { status: 'cancelled' }],
    ['a draft', { status: 'draft' }],
    ['gone', { isDeleted: true }],
    ['over', { endsAt: NOW, startsAt: NOW - HOUR }],
  ] as const)('makes no offers for an event that is %s', (_what, values) => {
    const waitlistEntry = anEntry({ userId: 1 });
    const bookings = [aBooking({ userId: 500 })];
    const types = [aType({ salesEndAt: NOW + HOUR })];
    const { state } = aSale({ event: anEvent({ capacity: 1, types, ...values }), bookings, entries: [waitlistEntry] });
    expect(answerTo(state, cancel(bookings[0]!.id, undefined))).toBe('done');
    expect(waitlistEntry.status).toBe('waiting');
  });

  it('skips an entry that leaves in the same batch', () => {
    const queue = wants(1, 1);
    const { state } = aSale({ event: anEvent({ capacity: 0 }), entries: queue });
    decided(state, resize({ capacity: 1 }), leave(1));
    expect(queue.map(({ status }) => status)).toEqual(['left', 'offered']);
  });
});

describe('an offer', () => {
  const expiry = (event: object, type: object = {}): number => {
    const waitlistEntry = anEntry({ userId: 1 });
    const { state } = aSale({
      event: anEvent({ capacity: 0, types: [aType(type)], ...event }),
      entries: [waitlistEntry],
    });
    decided(state, resize({ capacity: 1 }));
    return (waitlistEntry.offerExpiresAt! - NOW) / MINUTE;
  };
  const startsIn = (ms: number) => ({ startsAt: NOW + ms, endsAt: NOW + ms + HOUR });

  it.each([
    ['12 hours', startsIn(10 * DAY), {}, 720],
    ['12 hours with two days to go', startsIn(2 * DAY), {}, 720],
    ['a quarter of the time left', startsIn(4 * HOUR), {}, 60],
    ['a quarter of the time left, even if that is a minute', startsIn(4 * MINUTE), {}, 1],
    ['a quarter of the time until sales end', startsIn(10 * DAY), { salesEndAt: NOW + 4 * HOUR }, 60],
    [
      'a quarter of the time until the start, even if sales continue after it',
      startsIn(4 * HOUR),
      { salesEndAt: NOW + 5 * HOUR },
      60,
    ],
    [
      'a quarter of the time until sales end, once the event has started',
      { startsAt: NOW - HOUR, endsAt: NOW + DAY },
      { salesEndAt: NOW + 4 * HOUR },
      60,
    ],
  ])('lasts %s', (_what, event, type, minutes) => {
    expect(expiry(event, type)).toBe(minutes);
  });

  it('expires once, and not before its time', () => {
    const waitlistEntry = anEntry({ userId: 1, status: 'offered', offerExpiresAt: NOW + 1 });
    const early = aSale({ entries: [waitlistEntry] });
    expect(answerTo(early.state, expireOffer(waitlistEntry.id))).toBe(false);
    const due = aSale({ entries: [{ ...waitlistEntry, offerExpiresAt: NOW }] });
    const { answers, changes } = decided(due.state, expireOffer(waitlistEntry.id), expireOffer(waitlistEntry.id));
    expect(answers).toEqual([true, false]);
    expect(due.event.held).toBe(0);
    expect(changes.messages.map((message) => message().topic)).toEqual(['waitlist.expired']);
  });

  it.each(['waiting', 'claimed', 'left', 'expired'] as const)('that is already %s does not expire', (status) => {
    const waitlistEntry = anEntry({ userId: 1, status, offerExpiresAt: NOW - 1 });
    expect(answerTo(aSale({ ...soldOut(), entries: [waitlistEntry] }).state, expireOffer(waitlistEntry.id))).toBe(
      false,
    );
    expect(waitlistEntry.status).toBe(status);
  });
});

describe('leave', () => {
  it('gives up an entry or an offer, once', () => {
    const waitlistEntries = [anEntry({ userId: 1 }), anEntry({ userId: 2, status: 'offered' })];
    const { state, event } = aSale({ event: anEvent({ capacity: 1 }), entries: waitlistEntries });
    expect(decided(state, leave(1), leave(2), leave(2)).answers).toEqual(['done', 'done', 'NOT_FOUND']);
    expect(event).toMatchObject({ held: 0, waiting: 0 });
  });

  it('refuses a user without an entry', () => {
    expect(answerTo(aSale().state, leave(1))).toBe('NOT_FOUND');
    expect(answerTo(aSale({ entries: [anEntry({ userId: 1, status: 'claimed' })] }).state, leave(1))).toBe('NOT_FOUND');
  });

  it('works even if the event is deleted', () => {
    const { state } = aSale({
      event: anEvent({ isDeleted: true, status: 'cancelled' }),
      entries: [anEntry({ userId: 1 })],
    });
    expect(answerTo(state, leave(1))).toBe('done');
  });
});
