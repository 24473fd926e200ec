import { randomUUID } from 'node:crypto';
import { database } from '../../../src/database';
import { signSandboxWebhook } from '../../../src/integrations/payments/sandbox';
import { pollPayments } from '../../../src/services/payments/poll-payments';
import { reconcilePayments } from '../../../src/services/payments/reconcile-payments';
import { codeOf, inventoryOf, theOrganizer } from '../../helpers/bookings';
import { anonymous } from '../../helpers/client';
import {
  anUnpaidOrder,
  aPaidOrder,
  atSandbox,
  bookingOf,
  deciding,
  delivering,
  disputed,
  endHold,
  expireHold,
  intentOf,
  ledgerOf,
  orderOf,
  refunding,
  sandboxDelivery,
  settleMoney,
} from '../../helpers/orders';

const seconds = (): number => Math.floor(Date.now() / 1000);

const success = { status: 'succeeded', captured: database.ref('amount') };
const kept = (intentId: string) => database('payment_webhooks').where('intent_id', intentId).pluck('webhook_id');

describe('receivePaymentWebhook', () => {
  it('200: gets the state from the provider, and stores the delivery once', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atSandbox(paymentIntentId, success);
    const body = sandboxDelivery(paymentIntentId);
    await Promise.all(Array.from({ length: 6 }, () => delivering(body).expect(200)));
    await delivering(body).expect(200);
    expect(await kept(paymentIntentId)).toHaveLength(1);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed' });
    expect(await ledgerOf(orderId)).toEqual({ 'provider:sandbox': '20.000', sales: '-20.000' });
    await settleMoney();
  });

  it('200: does not trust the content of the webhook', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await delivering(sandboxDelivery(paymentIntentId, 'payment.succeeded')).expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('pending');
  });

  it('200: ends in the same state for deliveries in any order and number', async () => {
    const changes = [{ status: 'processing' }, { status: 'failed' }, { status: 'processing' }, success];
    for (let round = 0; round < 4; round += 1) {
      const { owner, orderId, event } = await anUnpaidOrder({ totalTickets: 2 });
      const { paymentIntentId } = await intentOf(owner, orderId);
      const bodies = changes.map(() => sandboxDelivery(paymentIntentId));
      const sent: Promise<unknown>[] = [];
      // Supertest sends a request when `then` is called, so resolve it to send it now.
      const start = (body: string) => sent.push(Promise.resolve(delivering(body).expect(200)));
      for (const change of changes) {
        await atSandbox(paymentIntentId, change);
        bodies.slice(0, 1 + ((round + sent.length) % 4)).forEach(start);
      }
      [...bodies].reverse().forEach(start);
      await Promise.all(sent);
      expect((await orderOf(owner, orderId)).status).toBe('paid');
      expect(await ledgerOf(orderId)).toEqual({ 'provider:sandbox': '20.000', sales: '-20.000' });
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 2, held: 0 });
    }
    await settleMoney();
  });

  it('200: for an unknown intent', async () => {
    await delivering(sandboxDelivery('sbx_of_somebody_else')).expect(200);
    await delivering(sandboxDelivery(null)).expect(200);
  });

  it('400: unsigned, wrongly signed, stale, or with another body', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atSandbox(paymentIntentId, success);
    const body = sandboxDelivery(paymentIntentId);
    const signatures = [
      '',
      'nonsense',
      't=1,v1=0',
      signSandboxWebhook(`${body} `),
      signSandboxWebhook(body, seconds() - 301),
      signSandboxWebhook(body, seconds() + 360),
      signSandboxWebhook(body).replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ];
    for (const signature of signatures)
      expect(codeOf(await delivering(body, signature).expect(400))).toBe('VALIDATION_ERROR');
    for (const broken of ['', '{', '[]', '{"id":5}']) await delivering(broken).expect(400);
    await anonymous.post('/api/payments/webhooks/cash').expect(400);
    expect((await orderOf(owner, orderId)).status).toBe('pending');
    await delivering(body, signSandboxWebhook(body, seconds() - 290)).expect(200);
    await settleMoney();
  });

  it('404: for a provider that is not configured', async () => {
    await anonymous.post('/api/payments/webhooks/stripe').send({}).expect(404);
  });
});

describe('decideSandboxPayment', () => {
  it('404: for an unknown intent', async () => {
    expect(codeOf(await deciding('sbx_none', 'succeed').expect(404))).toBe('NOT_FOUND');
    await anonymous.post('/api/payments/sandbox/sbx_none/explode').expect(400);
  });
});

describe('pollPayments', () => {
  const comeDue = () => database('payments').whereNotNull('check_at').update({ check_at: database.fn.now() });

  it('finds a payment without a webhook', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atSandbox(paymentIntentId, success);
    await comeDue();
    await pollPayments();
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    const due = database('payments').where('order_id', orderId).whereNotNull('check_at');
    expect(await due).toEqual([]);
    await settleMoney();
  });

  it('finds a payment that arrived after the hold', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    await atSandbox(paymentIntentId, success);
    await comeDue();
    await pollPayments();
    expect((await orderOf(owner, orderId)).status).toBe('paid');
    await settleMoney();
  });

  it('finds a processing payment, and keeps its hold', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atSandbox(paymentIntentId, { status: 'processing' });
    await comeDue();
    await pollPayments();
    await expireHold(booking.id);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'pending', order: { status: 'processing' } });
    await atSandbox(paymentIntentId, { status: 'failed' });
    await comeDue();
    await pollPayments();
    await expireHold(booking.id);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'expired', order: { status: 'expired' } });
  });

  it('skips payments that are not due', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    await intentOf(owner, orderId);
    await endHold(booking.id);
    expect(await pollPayments()).toBe(0);
    await expireHold(booking.id);
  });
});

describe('a disputed payment', () => {
  it('cancels its booking, is posted as disputed, and is not refunded again', async () => {
    const { event, owner, orderId, booking } = await aPaidOrder({ taxRate: 25 });
    await disputed(booking.id);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'disputed', refunds: [] });
    const { status, tickets } = await bookingOf(owner, booking.id);
    expect({ status, tickets: tickets.map((ticket) => ticket.status) }).toEqual({
      status: 'cancelled',
      tickets: ['void', 'void'],
    });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
    const ledger = { disputes: '20.000', 'provider:sandbox': '0.000', sales: '-16.000', tax: '-4.000' };
    expect(await ledgerOf(orderId)).toEqual(ledger);
    expect(codeOf(await refunding(await theOrganizer(), orderId).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    await disputed(booking.id);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('disputed');
    expect(await ledgerOf(orderId)).toEqual(ledger);
  });

  it('is restored when the dispute is won: its tickets stay void, and it can be refunded', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    await disputed(booking.id);
    await settleMoney();
    await disputed(booking.id, false);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'cancelled', refunds: [] });
    expect(await ledgerOf(orderId)).toMatchObject({ disputes: '0.000', 'provider:sandbox': '20.000' });
    expect((await bookingOf(owner, booking.id)).status).toBe('cancelled');
    await refunding(await theOrganizer(), orderId, { amount: '12.00' }).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('partially_refunded');
    expect(await ledgerOf(orderId)).toMatchObject({ refunds_due: '0.000', 'provider:sandbox': '8.000' });
  });

  it('keeps its tickets if the dispute ended before it was handled', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    await settleMoney();
    await disputed(booking.id);
    expect((await orderOf(owner, orderId)).status).toBe('disputed');
    await disputed(booking.id, false);
    await settleMoney();
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed', order: { status: 'paid' } });
  });

  it('is disputed for the amount left after a refund', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    await refunding(await theOrganizer(), orderId, { amount: '5.00' }).expect(200);
    await disputed(booking.id);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'disputed', refunds: [{ status: 'succeeded' }] });
    const ledger = { disputes: '15.000', 'provider:sandbox': '0.000', refunds_due: '0.000' };
    expect(await ledgerOf(orderId)).toMatchObject(ledger);
  });
});

describe('a refund made at the provider', () => {
  it('is recorded in the order and the ledger', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    const { paymentIntentId } = (await bookingOf(owner, booking.id)).payment!;
    const refund = { id: `sbr_${randomUUID()}`, intent_id: paymentIntentId, idempotency_key: randomUUID(), amount: 8 };
    await database('sandbox_refunds').insert(refund);
    for (let i = 0; i < 2; i += 1) await delivering(sandboxDelivery(paymentIntentId)).expect(200);
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '8.00', status: 'succeeded', cause: 'provider' }],
    });
    expect(await ledgerOf(orderId)).toMatchObject({ 'provider:sandbox': '12.000', refunds_due: '0.000' });
    await settleMoney();
  });
});

describe('reconcilePayments', () => {
  it('reports mismatches between provider, ledger and orders', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    const { id, paymentIntentId } = (await bookingOf(owner, booking.id)).payment!;
    await settleMoney();
    await database('payments')
      .whereNotNull('succeeded_at')
      .update({ succeeded_at: database.raw("succeeded_at - interval '1 hour'") });
    expect(await reconcilePayments()).toBe(0);
    await atSandbox(paymentIntentId!, { captured: '19.99' });
    expect(await reconcilePayments()).toBe(1);
    expect(await database('payments').where({ id }).first('discrepancy')).toEqual({
      discrepancy: 'The provider shows 19.990 as captured, the payment 20.000.',
    });
    await atSandbox(paymentIntentId!, { captured: '20' });
    expect(await reconcilePayments()).toBe(0);
    expect(await database('payments').where({ id }).first('discrepancy')).toEqual({ discrepancy: null });
    // A dispute without a webhook is synced.
    await atSandbox(paymentIntentId!, { is_disputed: true });
    expect(await reconcilePayments()).toBe(1);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'disputed',
      payments: [{ discrepancy: 'The provider reports the payment as disputed; this was synced.' }],
    });
    expect(await reconcilePayments()).toBe(0);
  });
});
