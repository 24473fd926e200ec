import type { BookingState, OrderState, PaymentFacts } from '../../../src/models/inventory/types';
import type { ConfirmCommand } from '../../../src/services/inventory/rules/commands';
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
  decided,
  expire,
  HOUR,
  MINUTE,
  NOW,
  ORGANIZER,
} from '../../helpers/sale';

const ME = 1;
const PAYMENT = 7;

function aPayment(values: Partial<PaymentFacts> = {}): PaymentFacts {
  const facts = { id: PAYMENT, provider: 'sandbox', intentId: 'sbx_1', currency: 'USD', isDisputed: false };
  return { ...facts, status: 'succeeded', amount: '20', captured: '20', refunded: '0', ...values };
}

function anOrder(values: Partial<OrderState> = {}): OrderState {
  const order = { id: 5, orderNumber: 'AAAAA-BBBBB', userId: ME, total: '20', creditsApplied: '0', currency: 'USD' };
  return { ...order, paymentId: null, status: 'pending', payments: [aPayment()], ...values };
}

function aPriced(status: BookingState['status'], values: Partial<BookingState> = {}): BookingState {
  const order = anOrder({ status: status === 'confirmed' ? 'paid' : status });
  const expiresAt = status === 'expired' ? NOW - MINUTE : NOW + MINUTE;
  return aBooking({ userId: ME, ticketsCount: 2, totalAmount: '20', status, expiresAt, order, ...values });
}

const confirm = ({ id }: BookingState, more: Partial<ConfirmCommand> = {}): ConfirmCommand => ({
  kind: 'confirm',
  eventId: 1,
  requestId: 'paid',
  bookingId: id,
  userId: ME,
  paymentId: PAYMENT,
  ...more,
});

describe('confirm', () => {
  it('sells the held tickets and adds a message', () => {
    const booking = aPriced('pending');
    const { state, event } = aSale({ bookings: [booking] });
    const { answers, changes } = decided(state, confirm(booking));
    expect(answers).toEqual([true]);
    expect(event).toMatchObject({ sold: 2, held: 0 });
    expect(event.types[0]).toMatchObject({ sold: 2, held: 0 });
    expect(booking).toMatchObject({ status: 'confirmed', confirmedAt: NOW });
    expect(booking.order).toMatchObject({ status: 'paid', paymentId: PAYMENT });
    expect([...changes.updatedOrders]).toEqual([booking.order]);
    expect(changes.messages.map((message) => message())).toEqual([
      { topic: 'booking.confirmed', payload: { bookingId: booking.id } },
    ]);
  });

  it('accepts the same payment again, and refuses another one', () => {
    const booking = aPriced('pending', { order: anOrder({ payments: [aPayment(), aPayment({ id: 8 })] }) });
    const { state } = aSale({ bookings: [booking] });
    const { answers, changes } = decided(state, confirm(booking), confirm(booking), confirm(booking, { paymentId: 8 }));
    expect(answers).toEqual([true, true, false]);
    expect(changes.messages).toHaveLength(1);
  });

  it.each([
    ['a payment of less than the total', aPayment({ captured: '19.999' })],
    ['a payment in another currency', aPayment({ currency: 'EUR' })],
    ['a refunded payment', aPayment({ refunded: '20' })],
    ['a disputed payment', aPayment({ isDisputed: true })],
    ['a payment of another order', aPayment({ id: 9 })],
  ])('refuses %s', (_what, payment) => {
    const booking = aPriced('pending', { order: anOrder({ payments: [payment] }) });
    const { state, event } = aSale({ bookings: [booking] });
    expect(answerTo(state, confirm(booking))).toBe(false);
    expect(booking.status).toBe('pending');
    expect(event).toMatchObject({ sold: 0, held: 2 });
  });

  it('refuses a cancelled booking and a free one', () => {
    const cancelled = aPriced('cancelled', { cancelledAt: NOW });
    const free = aBooking({ userId: 2 });
    const { state } = aSale({ bookings: [cancelled, free] });
    expect(decided(state, confirm(cancelled), confirm(free)).answers).toEqual([false, false]);
  });

  describe('a late payment', () => {
    it('reacquires the tickets if they are free', () => {
      const booking = aPriced('expired');
      const { state, event } = aSale({ event: anEvent({ capacity: 2 }), bookings: [booking] });
      expect(answerTo(state, confirm(booking))).toBe(true);
      expect(event).toMatchObject({ sold: 2, held: 0 });
      expect(booking.order).toMatchObject({ status: 'paid' });
    });

    it.each([
      ['too few are left', { capacity: 1 }, []],
      ['too few are left of its type', { types: [aType({ capacity: 1 })] }, []],
      ['its type is withdrawn', { types: [aType({ id: 12 })] }, []],
      ['the event is cancelled', { status: 'cancelled' as const }, []],
      ['the event is over', { endsAt: NOW }, []],
      ['its owner has another booking', {}, [aBooking({ userId: ME })]],
      [
        'its owner would have more tickets than the event allows',
        { allowMultipleBookings: true, maxPerUser: 2 },
        [aBooking({ userId: ME, isExclusive: false })],
      ],
    ])('is refunded if %s', (_what, values, others) => {
      const booking = aPriced('expired', { isExclusive: !('allowMultipleBookings' in values) });
      const { state } = aSale({ event: anEvent(values), bookings: [booking, ...others] });
      expect(answerTo(state, confirm(booking))).toBe(false);
      expect(booking.status).toBe('expired');
    });

    it('uses its owner’s offer and closes the waitlist entry', () => {
      const booking = aPriced('expired');
      const waitlistEntry = anEntry({ userId: ME, status: 'offered', ticketsCount: 2 });
      const { state, event } = aSale({
        event: anEvent({ capacity: 2 }),
        bookings: [booking],
        entries: [waitlistEntry],
      });
      expect(answerTo(state, confirm(booking))).toBe(true);
      expect(waitlistEntry.status).toBe('left');
      expect(event).toMatchObject({ sold: 2, held: 0 });
    });

    it('does not take tickets offered to another user', () => {
      const booking = aPriced('expired');
      const waitlistEntry = anEntry({ userId: 2, status: 'offered' });
      const { state } = aSale({ event: anEvent({ capacity: 2 }), bookings: [booking], entries: [waitlistEntry] });
      expect(answerTo(state, confirm(booking))).toBe(false);
    });

    it('makes the booking active for later commands of the batch', () => {
      const booking = aPriced('expired');
      const { state } = aSale({ bookings: [booking] });
      expect(decided(state, confirm(booking), book(ME)).answers).toEqual([true, 'DUPLICATE_BOOKING']);
    });
  });
});

describe('expire', () => {
  const due = (payments: PaymentFacts[], values: Partial<BookingState> = {}): BookingState =>
    aPriced('pending', { expiresAt: NOW - MINUTE, order: anOrder({ payments }), ...values });
  const unpaid = { captured: '0' };

  it('expires the order too', () => {
    const booking = due([aPayment({ ...unpaid, status: 'cancelled' })]);
    const { state } = aSale({ bookings: [booking] });
    const { changes } = decided(state, expire(booking.id));
    expect(booking).toMatchObject({ status: 'expired', expiredAt: NOW, order: { status: 'expired' } });
    expect([...changes.updatedOrders]).toEqual([booking.order]);
  });

  it.each(['pending', 'failed'] as const)('waits up to an hour for an intent that is %s to be closed', (status) => {
    const booking = due([aPayment({ ...unpaid, status })]);
    const { state } = aSale({ bookings: [booking] });
    expect(answerTo(state, expire(booking.id))).toBe(false);
    booking.expiresAt = NOW - HOUR;
    expect(answerTo(state, expire(booking.id))).toBe(true);
  });

  it('waits for a processing payment without limit', () => {
    const booking = due([aPayment({ ...unpaid, status: 'processing' })], { expiresAt: NOW - 100 * HOUR });
    const { state } = aSale({ bookings: [booking] });
    expect(answerTo(state, expire(booking.id))).toBe(false);
  });
});

describe('cancel', () => {
  const refundPolicy = { fullUntilHours: 48, thenPercent: 30 };
  const staff = anActor(ORGANIZER, 'organizer');
  const shareOf = (hours: number, values: object, more: object = {}, sold: object = values): unknown => {
    const startsAt = NOW + hours * HOUR;
    const booking = aPriced('confirmed', { order: anOrder({ status: 'paid', paymentId: PAYMENT }), ...sold });
    const event = anEvent({ startsAt, endsAt: startsAt + HOUR, cancellationWindowHours: 0, ...values });
    const { state } = aSale({ event, bookings: [booking] });
    const { changes } = decided(state, cancel(booking.id, anActor(ME), more));
    expect(booking.order!.status).toBe('cancelled');
    return changes.messages.map((message) => message()).find(({ topic }) => topic === 'order.closed')?.payload;
  };

  it.each([
    ['everything without a policy', 1, {}, {}, 100],
    ['everything until the deadline', 48, { refundPolicy }, {}, 100],
    ['the share after the deadline', 47.99, { refundPolicy }, {}, 30],
    ['everything if the event was moved', 47, { refundPolicy, rescheduledAt: NOW }, {}, 100],
    ['the share once a moved event has started', -0.5, { refundPolicy, rescheduledAt: NOW }, { actor: staff }, 30],
    ['the share if the organizer cancels', 47, { refundPolicy }, { actor: staff }, 30],
    ['everything if the event is cancelled', 47, { refundPolicy }, { actor: undefined }, 100],
    ['nothing of a disputed payment', 100, {}, { actor: undefined, because: 'dispute' }, 0],
  ])('refunds %s', (_what, hours, values, more, refundPercent) => {
    expect(shareOf(hours, values, more)).toEqual({ orderId: 5, refundPercent });
  });

  it.each([
    ['the share at booking, if the share is now zero', 47, refundPolicy, { fullUntilHours: 48, thenPercent: 0 }, 30],
    [
      'everything, if the deadline was later at booking',
      50,
      refundPolicy,
      { fullUntilHours: 500, thenPercent: 0 },
      100,
    ],
    ['everything, if there was no policy at booking', 1, null, refundPolicy, 100],
    ['everything, if the policy was removed', 1, refundPolicy, null, 100],
    ['more, if the share was raised', 47, refundPolicy, { fullUntilHours: 48, thenPercent: 80 }, 80],
    ['everything, if the deadline was extended', 47, refundPolicy, { fullUntilHours: 2, thenPercent: 0 }, 100],
  ])('refunds %s', (_what, hours, sold, now, refundPercent) => {
    for (const actor of [anActor(ME), staff])
      expect(shareOf(hours, { refundPolicy: now }, { actor }, { refundPolicy: sold })).toMatchObject({ refundPercent });
  });

  it('keeps the status of an order after refunds', () => {
    const booking = aPriced('confirmed', { order: anOrder({ status: 'partially_refunded', paymentId: PAYMENT }) });
    const { state } = aSale({ bookings: [booking] });
    decided(state, cancel(booking.id, undefined));
    expect(booking.order!.status).toBe('partially_refunded');
  });
});
