import { database } from '../../../src/database';
import type { Command } from '../../../src/services/inventory/rules/commands';
import { expireHolds } from '../../../src/services/bookings/expire-holds';
import {
  anOpenEvent,
  bookCommand,
  booked,
  cancelCommand,
  cancelling,
  codeOf,
  inOneBatch,
  inventoryOf,
  messagesAbout,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeDiscount, usesOf, validating } from '../../helpers/discounts';
import { inHours } from '../../helpers/events';

interface Discounted extends TestBooking {
  discountAmount: string;
}

let user: TestUser;
beforeEach(async () => {
  user = await registerUser();
});

const bookingWith = (buyer: TestUser, eventId: number, discountCode: unknown, fields: object = { ticketsCount: 1 }) =>
  as(buyer)
    .post('/api/bookings')
    .send({ eventId, discountCode, ...fields });

async function bookedWith(...wish: Parameters<typeof bookingWith>): Promise<Discounted> {
  const { body } = (await bookingWith(...wish).expect(201)) as { body: { data: Discounted } };
  return body.data;
}

const detailOf = ({ body }: { body: unknown }) =>
  (body as { error: { details: { message: string }[] } }).error.details[0]!.message;

describe('a booking with a code', () => {
  it('costs less, in upper and lower case, and counts a use', async () => {
    const event = await anOpenEvent({ basePrice: '25.00', currency: 'EUR' });
    const { id, code } = await makeDiscount({ code: 'Fifth-Off' });
    const booking = await bookedWith(user, event.id, ` ${code.toLowerCase()} `, { ticketsCount: 2 });
    expect(booking).toMatchObject({ status: 'pending', totalAmount: '40.00', discountAmount: '10.00' });
    expect(booking.items).toMatchObject([{ quantity: 2, unitPrice: '25.00' }]);
    const row: unknown = await database('bookings').where('id', booking.id).first('discount_id', 'discount_amount');
    expect(row).toEqual({ discount_id: id, discount_amount: '10.000' });
    expect(await usesOf(id)).toBe(1);
    const read = await as(user).get(`/api/bookings/${booking.id}`).expect(200);
    expect(read.body).toMatchObject({ data: { totalAmount: '40.00', discountAmount: '10.00' } });
  });

  it.each([
    ['percentage', 100],
    ['fixed', 1000],
  ] as const)('is confirmed at once if nothing is left to pay: %s %d', async (type, value) => {
    const event = await anOpenEvent({ basePrice: '25.00', taxRate: 19, taxInclusive: false });
    const { code } = await makeDiscount({ type, value });
    const booking = await bookedWith(user, event.id, code, { ticketsCount: 3 });
    expect(booking).toMatchObject({
      status: 'confirmed',
      totalAmount: '0.00',
      discountAmount: '75.00',
      expiresAt: null,
      order: { status: 'paid' },
      payment: null,
    });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 3, held: 0 });
    expect(await messagesAbout({ bookingId: booking.id })).toMatchObject([{ topic: 'booking.confirmed' }]);
  });

  it('costs what validateDiscount returns, in any currency and with any tax', async () => {
    for (const [currency, price] of [
      ['JPY', '333'],
      ['EUR', '33.33'],
      ['KWD', '3.333'],
    ]) {
      for (const taxInclusive of [true, false]) {
        const event = await anOpenEvent({
          currency,
          taxRate: 8.875,
          taxInclusive,
          allowMultipleBookings: true,
          ticketTypes: [
            { name: 'A', price },
            { name: 'B', price: '7' },
          ],
        });
        const items = event.ticketTypes.map(({ id: ticketTypeId }, index) => ({ ticketTypeId, quantity: index + 1 }));
        for (const fields of [{ value: 33.333 }, { type: 'fixed' as const, value: '5', currency }]) {
          const { code } = await makeDiscount(fields);
          const { body } = await validating(user, event.id, { code, items }).expect(200);
          const { totalAmount, discountAmount } = await bookedWith(user, event.id, code, { items });
          expect((body as { data: unknown }).data).toMatchObject({ totalAmount, discountAmount });
        }
      }
    }
  });

  it('uses the code once per idempotency key', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const { id, code } = await makeDiscount({ maxUses: 1 });
    const send = () => bookingWith(user, event.id, code).set('Idempotency-Key', 'one use').expect(201);
    const answers = await Promise.all([send(), send(), send()]);
    answers.push(await send());
    const ids = answers.map(({ body }) => (body as { data: Discounted }).data.id);
    expect(new Set(ids).size).toBe(1);
    expect(await usesOf(id)).toBe(1);
    const changed = await bookingWith(user, event.id, 'ANOTHER').set('Idempotency-Key', 'one use').expect(422);
    expect(codeOf(changed)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is refused for a code that is not text', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    for (const code of [5, '', '  ', null, ['A'], 'x'.repeat(101), 'a\0b'])
      expect(codeOf(await bookingWith(user, event.id, code).expect(400))).toBe('VALIDATION_ERROR');
  });
});

describe('DISCOUNT_INVALID and DISCOUNT_EXHAUSTED', () => {
  const refusals: [what: string, code: string, fields: () => Promise<Record<string, unknown>>][] = [
    ['a disabled code', 'DISCOUNT_INVALID', async () => Promise.resolve({ isActive: false })],
    ['a code of another event', 'DISCOUNT_INVALID', async () => ({ eventId: (await anOpenEvent()).id })],
    ['a code that is not valid yet', 'DISCOUNT_INVALID', async () => Promise.resolve({ startsAt: inHours(1) })],
    ['an expired code', 'DISCOUNT_INVALID', async () => Promise.resolve({ endsAt: inHours(-0.01) })],
    [
      'an amount in another currency',
      'DISCOUNT_INVALID',
      async () => Promise.resolve({ type: 'fixed', value: 5, currency: 'EUR' }),
    ],
  ];

  async function expectRefusal(buyer: TestUser, eventId: number, { code, error }: { code: string; error: string }) {
    const [validated, refused] = [
      await validating(buyer, eventId, { code }).expect(409),
      await bookingWith(buyer, eventId, code).expect(409),
    ];
    expect([codeOf(validated), codeOf(refused)]).toEqual([error, error]);
    expect(detailOf(validated)).toBe(detailOf(refused));
  }

  it.each(refusals)('%s is %s, for validateDiscount as for createBooking', async (_what, error, fields) => {
    const event = await anOpenEvent({ basePrice: 10 });
    const { id, code } = await makeDiscount(await fields());
    await expectRefusal(user, event.id, { code, error });
    expect(await usesOf(id)).toBe(0);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
  });

  it('are the same for an unknown code, another organizer’s code and a withdrawn code', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const foreign = await makeDiscount({ code: 'FOREIGN' }, await registerUser({ role: 'organizer' }));
    const gone = await makeDiscount();
    await as(await theOrganizer())
      .delete(`/api/discounts/${gone.id}`)
      .expect(204);
    for (const code of ['NOBODY-HAS-THIS', foreign.code, gone.code, '😀 it’s', "'; DROP TABLE discounts; --"])
      await expectRefusal(user, event.id, { code, error: 'DISCOUNT_INVALID' });
  });

  it('are returned for a code used up in total or by this user', async () => {
    const event = await anOpenEvent({ basePrice: 10, allowMultipleBookings: true });
    const other = await registerUser();
    const once = await makeDiscount({ maxUses: 1 });
    const onceEach = await makeDiscount({ maxUsesPerUser: 1 });
    await bookedWith(user, event.id, once.code);
    await expectRefusal(other, event.id, { code: once.code, error: 'DISCOUNT_EXHAUSTED' });
    await bookedWith(user, event.id, onceEach.code);
    await expectRefusal(user, event.id, { code: onceEach.code, error: 'DISCOUNT_EXHAUSTED' });
    await bookedWith(other, event.id, onceEach.code);
    const answer = await as(await theOrganizer())
      .put(`/api/discounts/${onceEach.id}`)
      .send({ maxUses: 1 })
      .expect(409);
    expect(codeOf(answer)).toBe('DISCOUNT_EXHAUSTED');
  });

  it('are checked after DUPLICATE_BOOKING and before SOLD_OUT', async () => {
    const event = await anOpenEvent({ basePrice: 10, totalTickets: 1 });
    await booked(user, event.id);
    expect(codeOf(await bookingWith(user, event.id, 'NONE').expect(409))).toBe('DUPLICATE_BOOKING');
    const other = await registerUser();
    expect(codeOf(await bookingWith(other, event.id, 'NONE').expect(409))).toBe('DISCOUNT_INVALID');
    const { code } = await makeDiscount();
    expect(codeOf(await bookingWith(other, event.id, code).expect(409))).toBe('SOLD_OUT');
  });
});

describe('under concurrent use', () => {
  const codesOf = (answers: { status: number; body: unknown }[]) =>
    answers.reduce<Record<string, number>>((counts, { status, body }) => {
      const code = status === 201 ? 'booked' : (body as { error: { code: string } }).error.code;
      return { ...counts, [code]: (counts[code] ?? 0) + 1 };
    }, {});

  it('allows 50 bookings with 50 uses, for 200 buyers of two events', async () => {
    const events = [await anOpenEvent({ basePrice: 10, totalTickets: 500 }), await anOpenEvent({ basePrice: 10 })];
    const { id, code } = await makeDiscount({ maxUses: 50 });
    const buyers = await registerUsers(200);
    const answers = await Promise.all(buyers.map((buyer, index) => bookingWith(buyer, events[index % 2]!.id, code)));
    expect(codesOf(answers)).toEqual({ booked: 50, DISCOUNT_EXHAUSTED: 150 });
    expect(await usesOf(id)).toBe(50);
    const rows: unknown = await database('bookings').where('discount_id', id).count('* as count');
    expect(rows).toEqual([{ count: 50 }]);
  });

  it('gives one user no more than the allowed uses', async () => {
    const fields = { basePrice: 10, totalTickets: 500, allowMultipleBookings: true };
    const events = [await anOpenEvent(fields), await anOpenEvent(fields)];
    const { id, code } = await makeDiscount({ maxUsesPerUser: 3 });
    const tries = Array.from({ length: 20 }, (_, index) => bookingWith(user, events[index % 2]!.id, code));
    expect(codesOf(await Promise.all(tries))).toEqual({ booked: 3, DISCOUNT_EXHAUSTED: 17 });
    expect(await usesOf(id)).toBe(3);
  });

  it('applies a change that disables the code or lowers its uses', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const { id, code } = await makeDiscount({ maxUses: 60 });
    const buyers = await registerUsers(40);
    const organizer = await theOrganizer();
    const [change, ...answers] = await Promise.all([
      as(organizer).put(`/api/discounts/${id}`).send({ maxUses: 20 }),
      ...buyers.map((buyer) => bookingWith(buyer, event.id, code)),
    ]);
    const { booked: uses } = codesOf(answers);
    expect(await usesOf(id)).toBe(uses);
    expect(uses).toBe(change.status === 200 ? 20 : 40);
  });
});

describe('a use is released', () => {
  const withCode = (command: Command, discountCode: string): Command => ({ ...command, discountCode }) as Command;

  it('by a cancellation, even for a booking in the same batch', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const { id, code } = await makeDiscount({ maxUses: 1, maxUsesPerUser: 1 });
    const held = await bookedWith(user, event.id, code);
    const [second, third] = (await registerUsers(2)) as [TestUser, TestUser];
    const outcomes = await inOneBatch(
      withCode(bookCommand(third, event.id), code),
      cancelCommand(user, held),
      withCode(bookCommand(second, event.id), code),
      withCode(bookCommand(third, event.id), code),
    );
    expect(outcomes).toEqual([
      'DISCOUNT_EXHAUSTED',
      'done',
      expect.objectContaining({ discountAmount: '2.00' }),
      'DISCOUNT_EXHAUSTED',
    ]);
    expect(await usesOf(id)).toBe(1);
    expect(codeOf(await cancelling(user, held.id).expect(409))).toBe('ALREADY_CANCELLED');
    expect(await usesOf(id)).toBe(1);
  });

  it('by a hold that expires, even for the same user', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const { id, code } = await makeDiscount({ maxUsesPerUser: 1 });
    const held = await bookedWith(user, event.id, code);
    await database('bookings')
      .where('id', held.id)
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    expect(await expireHolds()).toBe(1);
    expect(await usesOf(id)).toBe(0);
    await bookedWith(user, event.id, code);
    expect(await usesOf(id)).toBe(1);
  });

  it('by a booking whose code has been withdrawn or disabled', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const organizer = await theOrganizer();
    const { id, code } = await makeDiscount({ maxUses: 1 });
    const held = await bookedWith(user, event.id, code);
    await as(organizer).delete(`/api/discounts/${id}`).expect(204);
    await cancelling(user, held.id).expect(200);
    expect(await usesOf(id)).toBe(0);
  });
});

describe('PostgreSQL refuses', () => {
  async function refusal(statement: string, bindings: Record<string, unknown> = {}) {
    const trx = await database.transaction();
    try {
      await trx.raw(statement, bindings as never);
      return undefined;
    } catch (error) {
      return (error as { constraint?: string }).constraint;
    } finally {
      await trx.rollback();
    }
  }

  const INSERT = `
    INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, discount_amount, discount_id, currency,
                          is_exclusive, request_id, expires_at)
    SELECT 'DIRECT-' || n, :userId, :eventId, 1, 'pending', 8, 2, :discountId, 'USD', false, gen_random_uuid(), now() + interval '1 hour'
    FROM generate_series(1, :times::int) AS n`;

  it('more uses than allowed, in total and by one user', async () => {
    const event = await anOpenEvent({ basePrice: 10, allowMultipleBookings: true });
    const bindings = { userId: user.user.id, eventId: event.id };
    const inAll = { ...bindings, discountId: (await makeDiscount({ maxUses: 2 })).id };
    expect(await refusal(INSERT, { ...inAll, times: 2 })).toBeUndefined();
    expect(await refusal(INSERT, { ...inAll, times: 3 })).toBe('discounts_not_overused');
    const ofOne = { ...bindings, discountId: (await makeDiscount({ maxUsesPerUser: 2 })).id };
    expect(await refusal(INSERT, { ...ofOne, times: 2 })).toBeUndefined();
    expect(await refusal(INSERT, { ...ofOne, times: 3 })).toBe('discounts_not_overused_by_user');
  });

  it('to reactivate a booking whose use is taken, or to move it to another user', async () => {
    const event = await anOpenEvent({ basePrice: 10, allowMultipleBookings: true });
    const discount = await makeDiscount({ maxUses: 1 });
    const held = await bookedWith(user, event.id, discount.code);
    await cancelling(user, held.id).expect(200);
    const other = await registerUser();
    await bookedWith(other, event.id, discount.code);
    const wake = "UPDATE bookings SET status = 'pending', cancelled_at = NULL WHERE id = :id";
    expect(await refusal(wake, { id: held.id })).toBe('discounts_not_overused');
    const each = await makeDiscount({ maxUsesPerUser: 1 });
    const [mine] = [await bookedWith(user, event.id, each.code), await bookedWith(other, event.id, each.code)];
    const hand = 'UPDATE bookings SET user_id = :userId WHERE id = :id';
    expect(await refusal(hand, { userId: other.user.id, id: mine.id })).toBe('discounts_not_overused_by_user');
  });

  it.each([
    ['discounts_used_count', 'UPDATE discounts SET used_count = -1'],
    ['discounts_not_overused', 'UPDATE discounts SET max_uses = 1, used_count = 2'],
    ['discounts_value', 'UPDATE discounts SET value = 0'],
    ['discounts_value', "UPDATE discounts SET value = 101, type = 'percentage', currency = NULL"],
    ['discounts_currency_of_fixed', "UPDATE discounts SET type = 'fixed', currency = NULL"],
    ['discounts_window', 'UPDATE discounts SET starts_at = now(), ends_at = now()'],
    ['discounts_code', "UPDATE discounts SET code = ' '"],
    ['discounts_kept', 'DELETE FROM discounts'],
    ['bookings_discount', 'UPDATE bookings SET discount_amount = 1, discount_id = NULL'],
    ['bookings_discount_id_fkey', 'UPDATE bookings SET discount_id = 2000000000'],
  ])('%s', async (constraint, statement) => {
    const event = await anOpenEvent({ basePrice: 10 });
    await bookedWith(user, event.id, (await makeDiscount()).code);
    expect(await refusal(statement)).toBe(constraint);
  });

  it('the same code twice', async () => {
    const { id } = await makeDiscount({ code: 'Same' });
    const copy = `INSERT INTO discounts (organizer_id, code, type, value) SELECT organizer_id, upper(code), type, value FROM discounts WHERE id = :id`;
    expect(await refusal(copy, { id })).toBe('discounts_code_key');
  });
});
