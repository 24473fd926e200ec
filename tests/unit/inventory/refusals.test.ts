import type { ErrorCode } from '../../../src/errors';
import type { EventState } from '../../../src/models/inventory/types';
import type { BookCommand } from '../../../src/services/inventory/rules/commands';
import {
  aBooking,
  aSale,
  aType,
  anActor,
  anEvent,
  answerTo,
  book,
  decided,
  DAY,
  HOUR,
  join,
  NOW,
  ORGANIZER,
} from '../../helpers/sale';

const ME = 1;

describe('book', () => {
  describe('the order of refusals', () => {
    // Each row adds a reason with higher precedence, so the newest reason is the one returned.
    const closedType = { salesEndAt: NOW - 1 };
    const over = { startsAt: NOW - 2 * DAY, endsAt: NOW - DAY };
    const mine = () => [aBooking({ userId: ME })];

    interface Case {
      event: Partial<EventState>;
      wanted?: BookCommand['wanted'];
      isDuplicate?: boolean;
    }

    const items = [{ ticketTypeId: 11, quantity: 2 }];
    const cases: [string, ErrorCode, Case][] = [
      ['sold out', 'SOLD_OUT', { event: { capacity: 1 } }],
      ['… and booked already', 'DUPLICATE_BOOKING', { event: { capacity: 1 }, isDuplicate: true }],
      [
        '… and several types in the short form',
        'TICKET_TYPE_REQUIRED',
        { event: { capacity: 1, types: [aType(), aType({ id: 12 })] }, isDuplicate: true },
      ],
      [
        '… and sales closed',
        'SALES_CLOSED',
        { event: { capacity: 1, types: [aType(closedType), aType({ id: 12, ...closedType })] }, isDuplicate: true },
      ],
      [
        '… and cancelled',
        'EVENT_NOT_BOOKABLE',
        {
          event: { capacity: 1, status: 'cancelled', types: [aType(closedType), aType({ id: 12, ...closedType })] },
          isDuplicate: true,
        },
      ],
      [
        '… and outside the type’s limits',
        'VALIDATION_ERROR',
        {
          event: { capacity: 1, status: 'cancelled', types: [aType({ ...closedType, maxPerBooking: 1 })] },
          wanted: items,
          isDuplicate: true,
        },
      ],
      [
        '… and outside the user’s limit',
        'VALIDATION_ERROR',
        { event: { capacity: 1, status: 'cancelled', maxPerUser: 1, types: [aType(closedType)] }, isDuplicate: true },
      ],
      [
        '… and another event’s type',
        'VALIDATION_ERROR',
        { event: { capacity: 1, status: 'cancelled' }, wanted: [{ ticketTypeId: 99, quantity: 2 }] },
      ],
      [
        '… and gone',
        'NOT_FOUND',
        { event: { isDeleted: true, status: 'cancelled' }, wanted: [{ ticketTypeId: 99, quantity: 2 }] },
      ],
      [
        '… and a stranger’s draft',
        'NOT_FOUND',
        { event: { status: 'draft', maxPerUser: 1 }, wanted: [{ ticketTypeId: 99, quantity: 2 }] },
      ],
      ['cancelled', 'EVENT_NOT_BOOKABLE', { event: { status: 'cancelled' } }],
      ['completed', 'EVENT_NOT_BOOKABLE', { event: { status: 'completed', ...over } }],
      ['over', 'EVENT_NOT_BOOKABLE', { event: { ...over, types: [aType({ salesEndAt: NOW + HOUR })] } }],
      [
        'one type closed of several in the short form',
        'TICKET_TYPE_REQUIRED',
        { event: { types: [aType(closedType), aType({ id: 12 })] } },
      ],
    ];

    it.each(cases)('%s: %s', (_what, code, { event, wanted = 2, isDuplicate = false }) => {
      const { state } = aSale({ event: anEvent(event), bookings: isDuplicate ? mine() : [] });
      expect(answerTo(state, book(ME, wanted))).toBe(code);
    });

    it('replays a response, whatever has happened to the event, unless it is deleted', () => {
      const answers: [string, { fingerprint: string; result: { stored: unknown } }][] = [
        [`${ME}:k`, { fingerprint: 'f', result: { stored: { id: 5 } } }],
      ];
      const idempotency = { key: 'k', fingerprint: 'f' };
      const command = book(ME, [{ ticketTypeId: 99, quantity: 1 }], { idempotency });
      expect(answerTo(aSale({ event: anEvent({ status: 'cancelled' }), answers }).state, command)).toEqual([
        'replay',
        { id: 5 },
      ]);
      expect(answerTo(aSale({ event: anEvent({ isDeleted: true }), answers }).state, command)).toBe('NOT_FOUND');
    });

    it.each([
      [anActor(ORGANIZER, 'organizer'), 'EVENT_NOT_BOOKABLE'],
      [anActor(2, 'admin'), 'EVENT_NOT_BOOKABLE'],
      [anActor(2, 'organizer'), 'NOT_FOUND'],
      [anActor(ORGANIZER, 'customer'), 'NOT_FOUND'],
    ])('finds a draft only for users who may see it: %p', (actor, code) => {
      const { state } = aSale({ event: anEvent({ status: 'draft' }) });
      expect(answerTo(state, book(actor.userId, 1, { actor }))).toBe(code);
      expect(answerTo(state, join(actor.userId, { actor }))).toBe(code);
    });

    it('does not find an unknown event', () => {
      expect(answerTo(aSale().state, book(ME, 1, { eventId: 2 }))).toBe('NOT_FOUND');
    });
  });

  describe('idempotency', () => {
    const idempotency = { key: 'k', fingerprint: 'f' };

    it('returns the first result again, in the same batch', () => {
      const { state, event } = aSale();
      const { answers, changes } = decided(state, book(ME, 1, { idempotency }), book(ME, 1, { idempotency }));
      expect(answers[1]).toEqual(['replay', answers[0]]);
      expect(event.sold).toBe(1);
      expect(changes.idempotentResults).toHaveLength(1);
    });

    it('refuses the same key with another request', () => {
      const { state } = aSale();
      const other = book(ME, 2, { idempotency: { key: 'k', fingerprint: 'g' } });
      expect(decided(state, book(ME, 1, { idempotency }), other).answers[1]).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    it('does not store refusals', () => {
      const { state } = aSale({ event: anEvent({ capacity: 0 }) });
      const { answers, changes } = decided(state, book(ME, 1, { idempotency }), book(ME, 1, { idempotency }));
      expect(answers).toEqual(['SOLD_OUT', 'SOLD_OUT']);
      expect(changes.idempotentResults).toEqual([]);
    });

    it('keeps the keys of different users apart', () => {
      const { state, event } = aSale();
      decided(state, book(1, 1, { idempotency }), book(2, 1, { idempotency }));
      expect(event.sold).toBe(2);
    });

    it('finds the booking by its request if the reply to the commit was lost', () => {
      const made = aBooking({ userId: ME, requestId: 'lost' });
      const { state, event } = aSale({ event: anEvent({ allowMultipleBookings: true }), bookings: [made] });
      expect(answerTo(state, book(ME, 1, { requestId: 'lost' }))).toMatchObject({ id: made.id });
      expect(event.sold).toBe(1);
    });
  });

  describe('money', () => {
    const total = (values: Partial<EventState>, prices: string[], quantity: number): unknown => {
      const types = prices.map((price, index) => aType({ id: 11 + index, price }));
      const { state } = aSale({ event: anEvent({ ...values, types }) });
      const booking = answerTo(
        state,
        book(
          ME,
          types.map(({ id }) => ({ ticketTypeId: id, quantity })),
        ),
      );
      return (booking as { totalAmount?: string }).totalAmount;
    };

    it.each([
      ['two decimals', { currency: 'USD' }, ['19.99'], 3, '59.97'],
      ['no decimals', { currency: 'JPY' }, ['1500'], 2, '3000'],
      ['three decimals', { currency: 'KWD' }, ['1.125'], 3, '3.375'],
      ['a sum that floats get wrong', { currency: 'USD' }, ['0.1', '0.2'], 1, '0.30'],
      ['tax included in the price', { currency: 'EUR', taxRate: '19', isTaxInclusive: true }, ['10'], 1, '10.00'],
      ['tax on top', { currency: 'EUR', taxRate: '19', isTaxInclusive: false }, ['10'], 1, '11.90'],
      ['tax rounded half up', { currency: 'USD', taxRate: '2.5', isTaxInclusive: false }, ['0.20'], 1, '0.21'],
      [
        'tax rounded per item',
        { currency: 'USD', taxRate: '8.25', isTaxInclusive: false },
        ['0.10', '0.10', '0.10'],
        1,
        '0.33',
      ],
      ['tax in yen', { currency: 'JPY', taxRate: '10', isTaxInclusive: false }, ['15'], 1, '17'],
      ['tax in fils', { currency: 'BHD', taxRate: '10', isTaxInclusive: false }, ['0.005'], 1, '0.006'],
    ])('%s', (_what, values, prices, quantity, expected) => {
      expect(total(values, prices, quantity)).toBe(expected);
    });

    it('adds no tax to free tickets', () => {
      const { state } = aSale({ event: anEvent({ taxRate: '20', isTaxInclusive: false }) });
      expect(answerTo(state, book(ME, 2))).toMatchObject({ status: 'confirmed', totalAmount: '0.00' });
    });
  });
});
