import { database } from '../../../src/database';
import { closeDuePayments } from '../../../src/services/payments/close-payments';
import { expireHolds } from '../../../src/services/bookings/expire-holds';
import {
  anOpenEvent,
  bookCommand,
  booked,
  cancelling,
  codeOf,
  inventoryOf,
  joined,
  messagesAbout,
  outcomeOf,
  registerUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import {
  anUnpaidOrder,
  anUnpaidOrderAt,
  aPaidOrder,
  bookingOf,
  deciding,
  endHold,
  expireHold,
  intentOf,
  ledgerOf,
  orderOf,
  paid,
  paying,
  settleMoney,
  type PricedBooking,
} from '../../helpers/orders';

const paymentRows = (orderId: number) =>
  database('payments').where('order_id', orderId).orderBy('id').select('status', 'captured', 'refunded');

describe('payOrder', () => {
  it('200: pays a booking, which is then confirmed', async () => {
    const { event, owner, booking, orderId } = await anUnpaidOrder();
    expect(booking).toMatchObject({
      status: 'pending',
      totalAmount: '20.00',
      order: { id: orderId, orderNumber: expect.stringMatching(/^\w{5}-\w{5}$/) as unknown, status: 'pending' },
      payment: null,
    });
    const intent = await intentOf(owner, orderId);
    expect(intent).toEqual({
      provider: 'sandbox',
      paymentIntentId: expect.stringMatching(/^sbx_/) as unknown,
      clientSecret: expect.any(String) as unknown,
      redirectUrl: null,
    });
    const { body } = await deciding(intent.paymentIntentId, 'succeed').expect(200);
    expect(body.data).toMatchObject({ status: 'succeeded', order: { id: orderId, status: 'paid' } });
    expect(await bookingOf(owner, booking.id)).toMatchObject({
      status: 'confirmed',
      expiresAt: null,
      order: { status: 'paid' },
      payment: { provider: 'sandbox', paymentIntentId: intent.paymentIntentId, status: 'succeeded', amount: '20.00' },
    });
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'paid',
      payments: [{ status: 'succeeded', captured: '20.00', refunded: '0.00' }],
      refunds: [],
    });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 2, held: 0 });
    expect(await ledgerOf(orderId)).toEqual({ 'provider:sandbox': '20.000', sales: '-20.000' });
    expect(await messagesAbout({ bookingId: booking.id })).toEqual([
      { topic: 'booking.confirmed', payload: { bookingId: booking.id } },
    ]);
    await settleMoney();
    expect(await paymentRows(orderId)).toEqual([{ status: 'succeeded', captured: '20.000', refunded: '0.000' }]);
  });

  it('starts the payment with the booking if the request names a method', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const owner = await registerUser();
    const send = (fields: object) =>
      as(owner)
        .post('/api/bookings')
        .send({ eventId: event.id, ticketsCount: 1, ...fields });
    await send({ paymentMethod: 'stripe' }).expect(400);
    const { body } = await send({ paymentMethod: 'sandbox' }).expect(201);
    const { order, payment } = (body as { data: PricedBooking }).data;
    expect(payment).toMatchObject({ provider: 'sandbox', status: 'pending', amount: '10.00' });
    expect((await intentOf(owner, order.id)).paymentIntentId).toBe(payment!.paymentIntentId);
  });

  it('200: repeated or concurrent requests return the same intent', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const intents = await Promise.all(Array.from({ length: 8 }, () => intentOf(owner, orderId)));
    expect(new Set(intents.map((intent) => JSON.stringify(intent))).size).toBe(1);
    expect(await intentOf(owner, orderId)).toEqual(intents[0]);
    expect(await paymentRows(orderId)).toHaveLength(1);
    expect(await database('sandbox_intents').where('id', intents[0]!.paymentIntentId)).toHaveLength(1);
  });

  it('200: a failed payment can be retried with the same intent', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    const { body } = await deciding(paymentIntentId, 'fail').expect(200);
    expect(body.data).toMatchObject({ status: 'failed', order: { status: 'pending' } });
    expect((await intentOf(owner, orderId)).paymentIntentId).toBe(paymentIntentId);
    await deciding(paymentIntentId, 'succeed').expect(200);
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    // A succeeded payment cannot fail any more.
    await deciding(paymentIntentId, 'fail').expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('paid');
  });

  it('400: unknown or unavailable payment methods', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    for (const method of ['cash', '', 'Sandbox'])
      expect(codeOf(await paying(owner, orderId, method as 'sandbox').expect(400))).toBe('VALIDATION_ERROR');
    await as(owner).post(`/api/orders/${orderId}/pay`).send({}).expect(400);
  });

  it('404: for all users except its owner', async () => {
    const { orderId } = await anUnpaidOrder();
    for (const role of ['customer', 'organizer', 'admin'] as const)
      expect(codeOf(await paying(await registerUser({ role }), orderId).expect(404))).toBe('NOT_FOUND');
  });

  it('409: paid, cancelled or expired orders', async () => {
    const done = await aPaidOrder();
    expect(codeOf(await paying(done.owner, done.orderId).expect(409))).toBe('ORDER_NOT_PAYABLE');
    const dropped = await anUnpaidOrder();
    await cancelling(dropped.owner, dropped.booking.id).expect(200);
    expect(codeOf(await paying(dropped.owner, dropped.orderId).expect(409))).toBe('ALREADY_CANCELLED');
    const late = await anUnpaidOrder();
    await endHold(late.booking.id);
    expect(codeOf(await paying(late.owner, late.orderId).expect(409))).toBe('BOOKING_EXPIRED');
    await expireHold(late.booking.id);
    expect(codeOf(await paying(late.owner, late.orderId).expect(409))).toBe('BOOKING_EXPIRED');
  });
});

describe('a hold that expires', () => {
  it('closes its intent first and expires its order', async () => {
    const { event, owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await endHold(booking.id);
    expect(await expireHolds()).toBe(0);
    expect(await closeDuePayments()).toBe(1);
    expect(await expireHolds()).toBe(1);
    expect(await database('sandbox_intents').where('id', paymentIntentId).first()).toMatchObject({
      status: 'cancelled',
    });
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'expired', payments: [{ status: 'cancelled' }] });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
  });

  it('is closed in the same run as all others', async () => {
    const event = await anOpenEvent({ basePrice: 10, totalTickets: null, allowMultipleBookings: true });
    const user = await registerUser();
    const many = 1100;
    await Promise.all(Array.from({ length: many }, () => outcomeOf(bookCommand(user, event.id))));
    await database('bookings')
      .where('event_id', event.id)
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    expect(await expireHolds()).toBe(many);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
  });

  it('does not expire while its payment is processing', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await database('sandbox_intents').where('id', paymentIntentId).update({ status: 'processing' });
    await endHold(booking.id);
    await closeDuePayments();
    expect(await expireHolds()).toBe(0);
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'processing' });
    await closeDuePayments();
    expect(await expireHolds()).toBe(0);
    await deciding(paymentIntentId, 'succeed').expect(200);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed', order: { status: 'paid' } });
  });

  it('reacquires its tickets on a late payment if they are free', async () => {
    const { event, owner, orderId, booking } = await anUnpaidOrder({ totalTickets: 2 });
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    await deciding(paymentIntentId, 'succeed').expect(200);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed', order: { status: 'paid' } });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 2, held: 0 });
    await settleMoney();
    expect((await orderOf(owner, orderId)).refunds).toEqual([]);
    await cancelling(owner, booking.id).expect(200);
  });

  it('is refunded in full on a late payment if another user has its tickets', async () => {
    const { event, owner, orderId, booking } = await anUnpaidOrder({ totalTickets: 2 });
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    await booked(await registerUser(), event.id, 1);
    await deciding(paymentIntentId, 'succeed').expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'refunded',
      payments: [{ status: 'succeeded', captured: '20.00', refunded: '20.00' }],
      refunds: [{ amount: '20.00', status: 'succeeded', cause: 'unusable' }],
    });
    expect((await bookingOf(owner, booking.id)).status).toBe('expired');
    expect(await ledgerOf(orderId)).toEqual({ 'provider:sandbox': '0.000', refunds_due: '0.000', sales: '0.000' });
  });

  it('does not overtake the waitlist on a late payment', async () => {
    const { event, owner, orderId, booking } = await anUnpaidOrder({ totalTickets: 1 }, 1);
    const { paymentIntentId } = await intentOf(owner, orderId);
    await joined(await registerUser(), event.id);
    await expireHold(booking.id);
    await deciding(paymentIntentId, 'succeed').expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('refunded');
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 1 });
  });

  it('closes its owner’s waitlist entry on a late payment', async () => {
    const event = await anOpenEvent({ basePrice: 10, totalTickets: 1 });
    const { owner, orderId, booking } = await anUnpaidOrderAt(event);
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    const other = await anUnpaidOrderAt(event);
    await joined(owner, event.id);
    await cancelling(other.owner, other.booking.id).expect(200);
    await deciding(paymentIntentId, 'succeed').expect(200);
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1, held: 0, waiting: 0 });
  });
});

describe('a payment for a cancelled booking', () => {
  it('is refunded', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'cancelled', payments: [{ status: 'cancelled' }] });
    await deciding(paymentIntentId, 'succeed').expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'refunded',
      refunds: [{ amount: '20.00', status: 'succeeded', cause: 'unusable' }],
    });
  });
});

describe('a payment in another amount or currency', () => {
  it.each([
    ['too little', { amount: '19.99' }],
    ['another currency', { currency: 'EUR' }],
  ])('%s: is refunded without confirming the booking; the order can still be paid', async (_what, change) => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await database('sandbox_intents').where('id', paymentIntentId).update(change);
    await deciding(paymentIntentId, 'succeed').expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'pending', refunds: [{ status: 'succeeded' }] });
    expect((await bookingOf(owner, booking.id)).status).toBe('pending');
    await paid({ owner, orderId });
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'paid', payments: [{}, { captured: '20.00' }] });
  });

  it('too much: confirms the booking and refunds the difference', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await database('sandbox_intents').where('id', paymentIntentId).update({ amount: '25' });
    await deciding(paymentIntentId, 'succeed').expect(200);
    await settleMoney();
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    expect((await orderOf(owner, orderId)).refunds).toMatchObject([{ amount: '5.00', status: 'succeeded' }]);
  });
});
