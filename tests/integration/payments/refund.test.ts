import { database } from '../../../src/database';
import { handleEventCancelled } from '../../../src/services/notifications/notify-events';
import { handleMessages } from '../../../src/services/outbox/handle-messages';
import { checkOpenRefunds } from '../../../src/services/payments/refund-order';
import { anOpenEvent, cancelling, codeOf, moveEvent, registerUser, theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import {
  anUnpaidOrder,
  anUnpaidOrderAt,
  aPaidOrder,
  bookingOf,
  ledgerOf,
  orderOf,
  paid,
  refunding,
  settleMoney,
} from '../../helpers/orders';

describe('refundOrder', () => {
  it('200: refunds a part, then the rest, and no more', async () => {
    const { owner, orderId, booking } = await aPaidOrder({ taxRate: 20, taxInclusive: false });
    const organizer = await theOrganizer();
    const { body } = await refunding(organizer, orderId, { amount: 7.5, reason: ' Rain ' }).expect(200);
    expect(body.data).toMatchObject({
      status: 'partially_refunded',
      payments: [{ captured: '24.00', refunded: '7.50' }],
      refunds: [{ amount: '7.50', status: 'pending', cause: 'request', reason: 'Rain' }],
    });
    // The ledger records the refund before the provider sends it.
    expect(await ledgerOf(orderId)).toEqual({
      'provider:sandbox': '24.000',
      refunds_due: '-7.500',
      sales: '-13.750',
      tax: '-2.750',
    });
    await settleMoney();
    expect(await ledgerOf(orderId)).toMatchObject({ 'provider:sandbox': '16.500', refunds_due: '0.000' });
    await refunding(organizer, orderId).expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'refunded',
      refunds: [
        { amount: '7.50', status: 'succeeded' },
        { amount: '16.50', status: 'succeeded' },
      ],
    });
    expect(new Set(Object.values(await ledgerOf(orderId)))).toEqual(new Set(['0.000']));
    expect(codeOf(await refunding(organizer, orderId, { amount: '0.01' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    expect(codeOf(await refunding(organizer, orderId).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
  });

  it('409: concurrent requests refund no more than was paid', async () => {
    const { owner, orderId } = await aPaidOrder();
    const organizer = await theOrganizer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refunding(organizer, orderId, { amount: '3.00' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    expect(answers.filter((answer) => codeOf(answer) === 'REFUND_EXCEEDS_PAID')).toHaveLength(14);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ payments: [{ refunded: '18.00' }] });
    const sent = await database('sandbox_refunds')
      .join('payments', 'payments.intent_id', 'sandbox_refunds.intent_id')
      .where('order_id', orderId)
      .sum('sandbox_refunds.amount as sum');
    expect(sent).toEqual([{ sum: '18.000' }]);
  });

  it('200: refunds once per Idempotency-Key', async () => {
    const { orderId } = await aPaidOrder();
    const organizer = await theOrganizer();
    for (let i = 0; i < 2; i += 1)
      await refunding(organizer, orderId, { amount: 5 }).set('Idempotency-Key', 'refund once').expect(200);
    expect((await orderOf(organizer, orderId)).refunds).toHaveLength(1);
    await settleMoney();
  });

  it('400: invalid amounts', async () => {
    const { orderId } = await aPaidOrder();
    const organizer = await theOrganizer();
    for (const amount of ['0', 0, -1, '-1', '1.001', 'all', '1e3', 1e300, '', null, {}])
      expect(codeOf(await refunding(organizer, orderId, { amount }).expect(400))).toBe('VALIDATION_ERROR');
    await refunding(organizer, orderId, { sum: 5 }).expect(400);
    expect((await orderOf(organizer, orderId)).refunds).toEqual([]);
  });

  it('403: for customers, even the owner; 404 for other organizers; 200 for admins', async () => {
    const { owner, orderId } = await aPaidOrder();
    expect(codeOf(await refunding(owner, orderId).expect(403))).toBe('FORBIDDEN');
    const other = await registerUser({ role: 'organizer' });
    expect(codeOf(await refunding(other, orderId).expect(404))).toBe('NOT_FOUND');
    await refunding(await registerUser({ role: 'admin' }), orderId).expect(200);
    await settleMoney();
  });

  it('409: for an unpaid order', async () => {
    const { orderId } = await anUnpaidOrder();
    expect(codeOf(await refunding(await theOrganizer(), orderId).expect(409))).toBe('REFUND_EXCEEDS_PAID');
  });

  it('reverses a refund that the provider declines', async () => {
    const { owner, orderId } = await aPaidOrder();
    await refunding(await theOrganizer(), orderId, { amount: 5 }).expect(200);
    // Somebody has refunded the payment at the provider, so too little is left there.
    const paymentIntentId = (await orderOf(owner, orderId)).payments[0]!.paymentIntentId;
    await database('sandbox_intents').where('id', paymentIntentId).update({ captured: 0 });
    await settleMoney();
    await database('sandbox_intents').where('id', paymentIntentId).update({ captured: 20 });
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'paid',
      payments: [{ refunded: '0.00' }],
      refunds: [{ status: 'failed' }],
    });
    expect(await ledgerOf(orderId)).toMatchObject({ 'provider:sandbox': '20.000', refunds_due: '0.000' });
  });

  it('is completed even if its message is lost', async () => {
    const { owner, orderId } = await aPaidOrder();
    await refunding(await theOrganizer(), orderId).expect(200);
    await database('refunds').update({ created_at: database.raw("created_at - interval '2 minutes'") });
    expect(await checkOpenRefunds()).toBe(1);
    expect((await orderOf(owner, orderId)).refunds).toMatchObject([{ status: 'succeeded' }]);
    await settleMoney();
  });
});

describe('a cancelled booking', () => {
  const policy = { refundPolicy: { fullUntilHours: 48, thenPercent: 25 }, cancellationWindowHours: 0 };

  it.each([
    ['in full without a policy', {}, 30, '20.00'],
    ['in full before the deadline', policy, 49, '20.00'],
    ['in part after the deadline', policy, 47, '5.00'],
    [
      'not at all if the policy says so',
      { ...policy, refundPolicy: { fullUntilHours: 48, thenPercent: 0 } },
      47,
      undefined,
    ],
    [
      'in part, rounded half up',
      { ...policy, basePrice: '0.05', refundPolicy: { fullUntilHours: 48, thenPercent: 25 } },
      47,
      '0.03',
    ],
    ['in part, in a currency without decimals', { ...policy, basePrice: 5, currency: 'JPY' }, 47, '3'],
  ])('is refunded %s', async (_what, fields, hours, amount) => {
    const { event, owner, orderId, booking } = await aPaidOrder(fields);
    await moveEvent(event.id, hours);
    await cancelling(owner, booking.id).expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('cancelled');
    await settleMoney();
    const order = await orderOf(owner, orderId);
    expect(order.refunds).toMatchObject(amount ? [{ amount, status: 'succeeded', cause: 'cancellation' }] : []);
    expect(order.status).toBe(!amount ? 'cancelled' : amount === order.total ? 'refunded' : 'partially_refunded');
  });

  it('is refunded less what was refunded before', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    await refunding(await theOrganizer(), orderId, { amount: 15 }).expect(200);
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).refunds).toMatchObject([{ amount: '15.00' }, { amount: '5.00' }]);
  });
});

describe('a cancelled event', () => {
  it('refunds everybody in full, whatever the policy, and resumes after an interruption', async () => {
    const event = await anOpenEvent({ basePrice: 10, refundPolicy: { fullUntilHours: 8760, thenPercent: 0 } });
    const sold = [];
    for (let i = 0; i < 4; i += 1) {
      const one = await anUnpaidOrderAt(event);
      if (i < 3) await paid(one);
      sold.push(one);
    }
    await as(await theOrganizer())
      .post(`/api/events/${event.id}/cancel`)
      .send({ confirm: true })
      .expect(202);
    const message = (await database('outbox_messages').where('topic', 'event.cancelled').first('id')) as { id: number };
    for (let i = 0; i < 2; i += 1) {
      await database('outbox_messages')
        .where('id', message.id)
        .update({ status: 'queued', queued_at: database.fn.now(), done_at: null });
      await handleMessages([message.id], () => handleEventCancelled as never);
    }
    await settleMoney();
    const orders = await Promise.all(sold.map(({ owner, orderId }) => orderOf(owner, orderId)));
    expect(orders.map(({ status }) => status)).toEqual(['refunded', 'refunded', 'refunded', 'cancelled']);
    expect(orders.flatMap(({ refunds }) => refunds)).toHaveLength(3);
  });
});
