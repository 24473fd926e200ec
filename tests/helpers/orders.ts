import { randomUUID } from 'node:crypto';
import type { CreateEvent, Order } from '../../client/api';
import { database } from '../../src/database';
import { signSandboxWebhook } from '../../src/integrations/payments/sandbox';
import { paymentsJobs } from '../../src/jobs/payments.jobs';
import { expireHolds } from '../../src/services/bookings/expire-holds';
import { handleMessages } from '../../src/services/outbox/handle-messages';
import { payOrder } from '../../src/services/payments/pay-order';
import { closeDuePayments } from '../../src/services/payments/close-payments';
import { anOpenEvent, booked, registerUser, type TestBooking, type TestUser } from './bookings';
import { anonymous, as } from './client';
import type { BodyOf, DataOf } from './endpoints';
import type { TestEvent } from './events';

export type TestOrder = Order;
/** An intent at a provider. */
export type TestIntent = DataOf<'POST /api/orders/{id}/pay'> & { paymentIntentId: string };

/** A booking that has a price. */
export interface PricedBooking extends TestBooking {
  order: NonNullable<TestBooking['order']>;
}

export interface Sold {
  event: TestEvent;
  owner: TestUser;
  booking: PricedBooking;
  orderId: number;
}

/** Creates an unpaid booking, by default of two tickets, at 10.00 per ticket. */
export async function anUnpaidOrder(fields: Partial<CreateEvent> = {}, tickets = 2): Promise<Sold> {
  const event = await anOpenEvent({ basePrice: '10.00', ...fields });
  return anUnpaidOrderAt(event, tickets);
}

export async function anUnpaidOrderAt(event: TestEvent, tickets = 1): Promise<Sold> {
  const owner = await registerUser();
  const booking = (await booked(owner, event.id, tickets)) as PricedBooking;
  return { event, owner, booking, orderId: booking.order.id };
}

type PaymentMethod = BodyOf<'POST /api/orders/{id}/pay'>['paymentMethod'];

export function paying(user: TestUser, orderId: number, paymentMethod: PaymentMethod = 'sandbox') {
  return as(user).request('POST /api/orders/{id}/pay', { path: { id: orderId }, body: { paymentMethod } });
}

/** Starts the payment of an order and returns its intent. */
export async function intentOf(user: TestUser, orderId: number): Promise<TestIntent> {
  const order = { path: { id: orderId }, body: { paymentMethod: 'sandbox' as const } };
  return (await as(user).call('POST /api/orders/{id}/pay', order)).data as TestIntent;
}

export function deciding(intentId: string | null, outcome: 'succeed' | 'fail') {
  return anonymous.request('POST /api/payments/sandbox/{paymentIntentId}/{outcome}', {
    path: { paymentIntentId: intentId!, outcome },
  });
}

/** Pays an order through the sandbox. */
export async function paid({ owner, orderId }: Pick<Sold, 'owner' | 'orderId'>): Promise<TestIntent> {
  const intent = await intentOf(owner, orderId);
  await deciding(intent.paymentIntentId, 'succeed').expect(200);
  return intent;
}

/** Pays a booking as its owner. */
export async function payBooking(bookingId: number): Promise<void> {
  const { id, user_id: userId } = (await database('orders').where('booking_id', bookingId).first('id', 'user_id')) as {
    id: number;
    user_id: number;
  };
  const owner = { userId, role: 'customer', sessionId: 0, requestId: 'test' } as const;
  const { paymentIntentId } = await payOrder(owner, { orderId: id, paymentMethod: 'sandbox' });
  await deciding(paymentIntentId, 'succeed').expect(200);
}

export async function aPaidOrder(fields: Partial<CreateEvent> = {}, tickets = 2): Promise<Sold> {
  const sold = await anUnpaidOrder(fields, tickets);
  await paid(sold);
  return sold;
}

export function refunding(user: TestUser, orderId: number, fields: Record<string, unknown> = {}) {
  return as(user).post(`/api/orders/${orderId}/refund`).send(fields);
}

export async function orderOf(user: TestUser, orderId: number): Promise<TestOrder> {
  return (await as(user).call('GET /api/orders/{id}', { path: { id: orderId } })).data;
}

export async function bookingOf(user: TestUser, bookingId: number): Promise<PricedBooking> {
  return (await as(user).call('GET /api/bookings/{id}', { path: { id: bookingId } })).data as PricedBooking;
}

const jobOf = new Map<string, (typeof paymentsJobs)[number]>(paymentsJobs.map((job) => [job.topic, job]));

/** Does the worker's part of payments and refunds, until nothing is left to do. */
export async function settleMoney(): Promise<void> {
  for (;;) {
    const messages = (await database('outbox_messages')
      .whereIn('topic', [...jobOf.keys()])
      .whereIn('status', ['new', 'delayed'])
      .orderBy('id')
      .select('id', 'topic')) as { id: number; topic: string }[];
    if (messages.length === 0) return;
    for (const { id, topic } of messages) {
      await database('outbox_messages').where({ id }).update({ status: 'queued', queued_at: database.fn.now() });
      await handleMessages([id], () => jobOf.get(topic)!.handle);
    }
  }
}

/** Returns the body of a webhook as the sandbox sends it. */
export function sandboxDelivery(intentId: string | null, type = 'payment.updated'): string {
  return JSON.stringify({ id: `whk_${randomUUID()}`, type, intentId });
}

export function delivering(body: string, signature: string = signSandboxWebhook(body)) {
  return anonymous
    .post('/api/payments/webhooks/sandbox')
    .set('Content-Type', 'application/json')
    .set('Sandbox-Signature', signature)
    .send(body);
}

/** Changes an intent at the sandbox without a webhook. */
export async function atSandbox(intentId: string | null, change: Record<string, unknown>): Promise<void> {
  await database('sandbox_intents').where('id', intentId).update(change);
}

/** The bank opens or ends a dispute of a paid order, and the program syncs the payment. */
export async function disputed(bookingId: number, isDisputed = true): Promise<void> {
  const { intent_id: intentId } = (await database('payments as p')
    .join('orders as o', 'o.payment_id', 'p.id')
    .where('o.booking_id', bookingId)
    .first('p.intent_id')) as { intent_id: string };
  await atSandbox(intentId, { is_disputed: isDisputed });
  await delivering(sandboxDelivery(intentId, 'payment.disputed')).expect(200);
}

/** The bank opens or ends a dispute of a paid order, and the program syncs the payment. */
export async function disputedOrder(orderId: number, isDisputed = true): Promise<void> {
  const { intent_id: intentId } = (await database('payments as p')
    .join('orders as o', 'o.payment_id', 'p.id')
    .where('o.id', orderId)
    .first('p.intent_id')) as { intent_id: string };
  await atSandbox(intentId, { is_disputed: isDisputed });
  await delivering(sandboxDelivery(intentId, 'payment.disputed')).expect(200);
}

/** Makes the hold of a booking end, without expiring the booking. */
export async function endHold(bookingId: number): Promise<void> {
  await database('bookings')
    .where('id', bookingId)
    .update({ expires_at: database.raw("created_at + interval '1 ms'") });
}

/** Makes the hold of a booking end and runs the schedules that expire it. */
export async function expireHold(bookingId: number): Promise<void> {
  await endHold(bookingId);
  await closeDuePayments();
  await expireHolds();
}

/** Returns the sums of an order's ledger entries by account. */
export async function ledgerOf(orderId: number): Promise<Record<string, string>> {
  const rows = (await database('ledger_entries')
    .where('order_id', orderId)
    .groupBy('account')
    .orderBy('account')
    .select('account', database.raw('sum(amount)::text AS sum'))) as { account: string; sum: string }[];
  return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
}

/** Captures a payment for a booking without confirming the booking. Returns the payment's id unless the order is paid already. */
export async function captured(bookingId: number): Promise<number | undefined> {
  const { rows } = await database.raw<{ rows: { id: number }[] }>(
    `WITH paid AS (
       INSERT INTO payments (order_id, provider, amount, currency, status, captured, succeeded_at, check_at)
       SELECT o.id, 'stripe', o.total, o.currency, 'succeeded', o.total, now(), NULL FROM orders o
       WHERE o.booking_id = ? AND o.payment_id IS NULL
       RETURNING *
     ), booked AS (
       INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id)
       SELECT p.idempotency_key, 'capture', l.account, l.amount, p.currency, p.order_id, p.id
       FROM paid p CROSS JOIN LATERAL (VALUES ('provider:stripe', p.captured), ('sales', -p.captured)) AS l (account, amount)
     ), told AS (
       INSERT INTO outbox_messages (topic, payload) SELECT 'payment.captured', jsonb_build_object('paymentId', id) FROM paid
     )
     SELECT id FROM paid`,
    [bookingId],
  );
  return rows[0]?.id;
}
