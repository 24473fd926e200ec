import type { DiscountState } from '../../../src/models/inventory/types';
import {
  aBooking,
  aDiscount,
  aSale,
  aType,
  anActor,
  anEntry,
  anEvent,
  answerTo,
  book,
  cancel,
  decided,
  expire,
  MINUTE,
  NOW,
  refusalOf,
} from '../../helpers/sale';

const ME = 1;
const YOU = 2;
const FIFTH = { discountCode: 'Fifth' };

const aPaidSale = (values: Partial<DiscountState> = {}, more: Parameters<typeof aSale>[0] = {}) =>
  aSale({ event: anEvent({ types: [aType({ price: '10' })] }), discounts: [aDiscount(values)], ...more });

describe('book with a code', () => {
  it('applies it, and counts the use for later commands of the batch', () => {
    const { state } = aPaidSale({ maxUses: 1 });
    const { answers, changes } = decided(state, book(ME, 2, FIFTH), book(YOU, 1, FIFTH), book(YOU));
    expect(answers).toMatchObject([
      { totalAmount: '16.00', discountAmount: '4.00' },
      'DISCOUNT_EXHAUSTED',
      { totalAmount: '10.00', discountAmount: '0.00' },
    ]);
    expect(changes.insertedBookings.map(({ discountId }) => discountId)).toEqual([51, null]);
  });

  it('counts the uses of each user', () => {
    const discount = aDiscount({ maxUsesPerUser: 2, uses: new Map([[ME, 1]]) });
    const event = anEvent({ allowMultipleBookings: true, types: [aType({ price: '10' })] });
    const { state } = aSale({ event, discounts: [discount] });
    const codes = [book(ME, 1, FIFTH), book(ME, 1, FIFTH), book(YOU, 1, FIFTH)];
    expect(decided(state, ...codes).answers).toMatchObject([{}, 'DISCOUNT_EXHAUSTED', {}]);
    expect(discount.usedCount).toBe(2);
  });

  it.each<[string, Partial<DiscountState>]>([
    ['unknown', { code: 'other' }],
    ['disabled', { isActive: false }],
    ['another organizer’s', { organizerId: 1 }],
    ['another event’s', { eventId: 2 }],
    ['not valid yet', { startsAt: NOW + 1 }],
    ['no longer valid', { endsAt: NOW }],
    ['in another currency', { type: 'fixed', currency: 'EUR' }],
  ])('refuses a code that is %s, and changes nothing', (_what, values) => {
    const { state, event } = aPaidSale(values);
    expect(answerTo(state, book(ME, 1, FIFTH))).toBe('DISCOUNT_INVALID');
    expect(event).toMatchObject({ sold: 0, held: 0 });
    expect(state.discounts.get(51)).toMatchObject({ usedCount: 0 });
  });

  it('accepts it from the start until just before the end', () => {
    const { state } = aPaidSale({ startsAt: NOW, endsAt: NOW + 1 });
    expect(answerTo(state, book(ME, 1, FIFTH))).toMatchObject({ totalAmount: '8.00' });
  });

  it('checks it after DUPLICATE_BOOKING and before SOLD_OUT', () => {
    const event = () => anEvent({ capacity: 0, types: [aType({ price: '10' })] });
    const code = { discountCode: 'unknown' };
    expect(
      answerTo(aPaidSale({}, { event: event(), bookings: [aBooking({ userId: ME })] }).state, book(ME, 1, code)),
    ).toBe('DUPLICATE_BOOKING');
    expect(answerTo(aPaidSale({}, { event: event() }).state, book(ME, 1, code))).toBe('DISCOUNT_INVALID');
    expect(answerTo(aPaidSale({ maxUses: 1, usedCount: 1 }, { event: event() }).state, book(ME, 1, FIFTH))).toBe(
      'DISCOUNT_EXHAUSTED',
    );
    const soldOut = aPaidSale({}, { event: event() });
    expect(answerTo(soldOut.state, book(ME, 1, FIFTH))).toBe('SOLD_OUT');
    expect(soldOut.state.discounts.get(51)).toMatchObject({ usedCount: 0 });
  });

  it('treats a code of another event like one that does not exist', () => {
    const elsewhere = refusalOf(aPaidSale({ eventId: 2 }).state, book(ME, 1, FIFTH));
    const nowhere = refusalOf(aPaidSale().state, book(ME, 1, { discountCode: 'unknown' }));
    expect(elsewhere.details).toEqual(nowhere.details);
  });

  it('claims an offer with it', () => {
    const waitlistEntries = [anEntry({ userId: ME, status: 'offered', offerExpiresAt: NOW + MINUTE })];
    const { state } = aPaidSale({ value: '100' }, { entries: waitlistEntries });
    expect(answerTo(state, book(ME, 1, FIFTH))).toMatchObject({ status: 'confirmed', discountAmount: '10.00' });
    expect(waitlistEntries[0]!.status).toBe('claimed');
  });

  it('replays the first response without another use', () => {
    const { state } = aPaidSale({ maxUses: 1 });
    const idempotency = { key: 'k', fingerprint: 'f' };
    const command = book(ME, 1, { ...FIFTH, idempotency });
    const again = book(ME, 1, { ...FIFTH, idempotency });
    const { answers } = decided(state, command, again, command);
    expect(answers).toMatchObject([
      { totalAmount: '8.00' },
      ['replay', { totalAmount: '8.00' }],
      { totalAmount: '8.00' },
    ]);
    expect(state.discounts.get(51)).toMatchObject({ usedCount: 1 });
  });
});

describe('the end of a booking', () => {
  it('releases the discount for later commands of the batch', () => {
    const held = aBooking({ userId: ME, status: 'pending', discountId: 51, expiresAt: NOW - 1 });
    const discount = { maxUses: 1, usedCount: 1, maxUsesPerUser: 1, uses: new Map([[ME, 1]]) };
    for (const end of [cancel(held.id, anActor(ME)), expire(held.id)]) {
      const { state } = aPaidSale({ ...discount, uses: new Map(discount.uses) }, { bookings: [{ ...held }] });
      const { answers } = decided(state, book(YOU, 1, FIFTH), end, end, book(ME, 1, FIFTH));
      expect(answers.map((answer) => (typeof answer === 'object' ? 'booked' : answer))).toEqual([
        'DISCOUNT_EXHAUSTED',
        end.kind === 'cancel' ? 'done' : true,
        end.kind === 'cancel' ? 'done' : false,
        'booked',
      ]);
      expect(state.discounts.get(51)).toMatchObject({ usedCount: 1 });
    }
  });
});
