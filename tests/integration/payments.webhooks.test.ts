import { randomUUID } from 'node:crypto';
import { database } from '../../src/database';
import { signSandboxWebhook } from '../../src/integrations/payments/sandbox';
import { pollPayments } from '../../src/services/payments.poll.service';
import { reconcilePayments } from '../../src/services/payments.reconcile.service';
import { codeOf, inventoryOf } from '../helpers/bookings';
import { anonymous } from '../helpers/client';
import {
  anUnpaidOrder,
  aPaidOrder,
  bookingOf,
  deciding,
  endHold,
  expireHold,
  intentOf,
  ledgerOf,
  orderOf,
  settleMoney,
} from '../helpers/orders';

const seconds = (): number => Math.floor(Date.now() / 1000);

/** A delivery as the sandbox would send it. */
function delivery(intentId: string | null, type = 'payment.updated') {
  return JSON.stringify({ id: `whk_${randomUUID()}`, type, intentId });
}

function delivering(body: string, signature: string = signSandboxWebhook(body)) {
  return anonymous
    .post('/api/payments/webhooks/sandbox')
    .set('Content-Type', 'application/json')
    .set('Sandbox-Signature', signature)
    .send(body);
}

/** What happens at the provider without our hearing of it. */
async function atProvider(intentId: string, change: Record<string, unknown>): Promise<void> {
  await database('sandbox_intents').where('id', intentId).update(change);
}

const success = { status: 'succeeded', captured: database.ref('amount') };
const kept = (intentId: string) => database('payment_webhooks').where('intent_id', intentId).pluck('webhook_id');

describe('receivePaymentWebhook', () => {
  it('200: asks how things stand, and keeps the delivery once', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atProvider(paymentIntentId, success);
    const body = delivery(paymentIntentId);
    await Promise.all(Array.from({ length: 6 }, () => delivering(body).expect(200)));
    await delivering(body).expect(200);
    expect(await kept(paymentIntentId)).toHaveLength(1);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed' });
    expect(await ledgerOf(orderId)).toEqual({ 'provider:sandbox': '20.000', sales: '-20.000' });
    await settleMoney();
  });

  it('200: a hint is no proof', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await delivering(delivery(paymentIntentId, 'payment.succeeded')).expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('pending');
  });

  it('200: in whatever order and however often deliveries come, all ends in one state', async () => {
    const changes = [{ status: 'processing' }, { status: 'failed' }, { status: 'processing' }, success];
    for (let round = 0; round < 4; round += 1) {
      const { owner, orderId, event } = await anUnpaidOrder({ totalTickets: 2 });
      const { paymentIntentId } = await intentOf(owner, orderId);
      const bodies = changes.map(() => delivery(paymentIntentId));
      const sent: Promise<unknown>[] = [];
      // On its way from now on: a request of supertest is sent when somebody waits for it.
      const start = (body: string) => sent.push(Promise.resolve(delivering(body).expect(200)));
      for (const change of changes) {
        await atProvider(paymentIntentId, change);
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

  it('200: about an intent that is not ours', async () => {
    await delivering(delivery('sbx_of_somebody_else')).expect(200);
    await delivering(delivery(null)).expect(200);
  });

  it('400: unsigned, wrongly signed, stale, or of another body', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atProvider(paymentIntentId, success);
    const body = delivery(paymentIntentId);
    const signatures = [
      '',
      'nonsense',
      't=1,v1=0',
      signSandboxWebhook(`${body} `),
      signSandboxWebhook(body, seconds() - 301),
      signSandboxWebhook(body, seconds() + 301),
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

  it('404: of a provider that is not used here', async () => {
    await anonymous.post('/api/payments/webhooks/stripe').send({}).expect(404);
  });
});

describe('decideSandboxPayment', () => {
  it('404: of an intent that there is not', async () => {
    expect(codeOf(await deciding('sbx_none', 'succeed').expect(404))).toBe('NOT_FOUND');
    await anonymous.post('/api/payments/sandbox/sbx_none/explode').expect(400);
  });
});

describe('pollPayments', () => {
  const comeDue = () => database('payments').whereNotNull('check_at').update({ check_at: database.fn.now() });

  it('finds out without a webhook', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atProvider(paymentIntentId, success);
    await comeDue();
    await pollPayments();
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    const due = database('payments').where('order_id', orderId).whereNotNull('check_at');
    expect(await due).toEqual([]);
    await settleMoney();
  });

  it('finds money that came after the hold was over', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await expireHold(booking.id);
    await atProvider(paymentIntentId, success);
    await comeDue();
    await pollPayments();
    expect((await orderOf(owner, orderId)).status).toBe('paid');
    await settleMoney();
  });

  it('sees a payment begin, and keeps its hold', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { paymentIntentId } = await intentOf(owner, orderId);
    await atProvider(paymentIntentId, { status: 'processing' });
    await comeDue();
    await pollPayments();
    await expireHold(booking.id);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'pending', order: { status: 'processing' } });
    await atProvider(paymentIntentId, { status: 'failed' });
    await comeDue();
    await pollPayments();
    await expireHold(booking.id);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'expired', order: { status: 'expired' } });
  });

  it('is not told that nothing is due', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    await intentOf(owner, orderId);
    await endHold(booking.id);
    expect(await pollPayments()).toBe(0);
    await expireHold(booking.id);
  });
});

describe('a payment that is charged back', () => {
  it('voids its booking, and is not refunded again', async () => {
    const { event, owner, orderId, booking } = await aPaidOrder();
    const { paymentIntentId } = (await bookingOf(owner, booking.id)).payment!;
    await atProvider(paymentIntentId, { is_disputed: true });
    await delivering(delivery(paymentIntentId, 'payment.disputed')).expect(200);
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'disputed', refunds: [] });
    expect((await bookingOf(owner, booking.id)).status).toBe('cancelled');
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
    await delivering(delivery(paymentIntentId, 'payment.disputed')).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('disputed');
  });
});

describe('a refund that was made at the provider', () => {
  it('is taken over into order and ledger', async () => {
    const { owner, orderId, booking } = await aPaidOrder();
    const { paymentIntentId } = (await bookingOf(owner, booking.id)).payment!;
    const refund = { id: `sbr_${randomUUID()}`, intent_id: paymentIntentId, idempotency_key: randomUUID(), amount: 8 };
    await database('sandbox_refunds').insert(refund);
    for (let i = 0; i < 2; i += 1) await delivering(delivery(paymentIntentId)).expect(200);
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '8.00', status: 'succeeded', cause: 'provider' }],
    });
    expect(await ledgerOf(orderId)).toMatchObject({ 'provider:sandbox': '12.000', refunds_due: '0.000' });
    await settleMoney();
  });
});

describe('reconcilePayments', () => {
  it('raises what provider, ledger and orders say differently', async () => {
    const { owner, booking } = await aPaidOrder();
    const { id, paymentIntentId } = (await bookingOf(owner, booking.id)).payment!;
    await settleMoney();
    await database('payments')
      .whereNotNull('succeeded_at')
      .update({ succeeded_at: database.raw("succeeded_at - interval '1 hour'") });
    expect(await reconcilePayments()).toBe(0);
    await atProvider(paymentIntentId, { captured: '19.99' });
    expect(await reconcilePayments()).toBe(1);
    expect(await database('payments').where({ id }).first('discrepancy')).toEqual({
      discrepancy: 'The provider has captured 19.990, we 20.000.',
    });
    await atProvider(paymentIntentId, { captured: '20' });
    expect(await reconcilePayments()).toBe(0);
    expect(await database('payments').where({ id }).first('discrepancy')).toEqual({ discrepancy: null });
  });
});
