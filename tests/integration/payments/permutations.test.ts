import { randomUUID } from 'node:crypto';
import { database } from '../../../src/database';
import { signSandboxWebhook } from '../../../src/integrations/payments/sandbox';
import { createReference } from '../../../src/runtime/references';
import { execute } from '../../../src/services/inventory/execute';
import { receiveWebhook } from '../../../src/services/payments/receive-webhook';
import { anOpenEvent, registerUser } from '../../helpers/bookings';

// The webhooks of a provider during the life of a payment. Each is delivered at its time or at any later time.
const LIFE = [
  { type: 'payment.created', status: 'pending', captured: 0, refunded: 0 },
  { type: 'payment.processing', status: 'processing', captured: 0, refunded: 0 },
  { type: 'payment.failed', status: 'failed', captured: 0, refunded: 0 },
  { type: 'payment.succeeded', status: 'succeeded', captured: 20, refunded: 0 },
  { type: 'payment.refunded', status: 'succeeded', captured: 20, refunded: 5 },
  { type: 'payment.refunded', status: 'succeeded', captured: 20, refunded: 8 },
];

function permutations(of: number[]): number[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((first) => permutations(of.filter((other) => other !== first)).map((rest) => [first, ...rest]));
}

const ALL = permutations(LIFE.map((_, index) => index));
const EVENTS = 6;
const AT_ONCE = 16;

interface Payment {
  intentId: string;
  orderId: number;
  /** The order in which its webhooks are delivered. */
  order: number[];
  ids: string[];
}

/** Creates an order with an open intent for each permutation, in a few statements. */
async function payments(): Promise<Payment[]> {
  const { actor } = await registerUser();
  const events = await Promise.all(
    Array.from({ length: EVENTS }, () =>
      anOpenEvent({ basePrice: '10.00', totalTickets: null, allowMultipleBookings: true }),
    ),
  );
  await Promise.all(
    ALL.map((_, index) =>
      execute({
        kind: 'book',
        eventId: events[index % EVENTS]!.id,
        requestId: randomUUID(),
        actor,
        reference: createReference(),
        wanted: 2,
      }),
    ),
  );
  await database.raw(`
    WITH made AS (INSERT INTO payments (order_id, provider, intent_id, amount, currency)
      SELECT id, 'sandbox', 'sbx_' || id, total, currency FROM orders RETURNING *)
    INSERT INTO sandbox_intents (id, idempotency_key, amount, currency) SELECT intent_id, idempotency_key, amount, currency FROM made`);
  const orders = await database('orders').orderBy('id').pluck<number[]>('id');
  return ALL.map((order, index) => ({
    intentId: `sbx_${orders[index]}`,
    orderId: orders[index]!,
    order,
    ids: LIFE.map(() => randomUUID()),
  }));
}

/** Advances each intent at the provider at least to the state that its next webhook reports. */
async function live(all: Payment[], step: number): Promise<void> {
  const reached = all.map(({ order }) => LIFE[Math.max(...order.slice(0, step + 1))]!);
  const ids = all.map(({ intentId }) => intentId);
  await database.raw(
    `UPDATE sandbox_intents i SET status = u.status, captured = u.captured
     FROM unnest(?::text[], ?::text[], ?::numeric[]) AS u (id, status, captured) WHERE u.id = i.id`,
    [ids, reached.map(({ status }) => status), reached.map(({ captured }) => captured)],
  );
  await database.raw(
    `INSERT INTO sandbox_refunds (id, intent_id, idempotency_key, amount)
     SELECT gen_random_uuid(), u.id, gen_random_uuid(), u.refunded - coalesce(known.sum, 0)
     FROM unnest(?::text[], ?::numeric[]) AS u (id, refunded)
     LEFT JOIN (SELECT intent_id, sum(amount) FROM sandbox_refunds GROUP BY intent_id) known ON known.intent_id = u.id
     WHERE u.refunded > coalesce(known.sum, 0)`,
    [ids, reached.map(({ refunded }) => refunded)],
  );
}

interface Sent {
  payment: Payment;
  which: number;
  times: number;
}

/** Delivers webhooks as the route does, AT_ONCE at a time. Repetitions of a webhook are delivered concurrently. */
async function send(deliveries: Sent[]): Promise<void> {
  const waiting = [...deliveries];
  const sender = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { payment, which, times } = next;
      const { type } = LIFE[which]!;
      const body = Buffer.from(JSON.stringify({ id: payment.ids[which], type, intentId: payment.intentId }));
      const headers = { 'sandbox-signature': signSandboxWebhook(body) };
      await Promise.all(Array.from({ length: times }, () => receiveWebhook('sandbox', { body, headers })));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

const END = `
  SELECT o.status, b.status AS booking, p.status AS payment, p.captured::text, p.refunded::text,
    (SELECT count(*)::int FROM tickets t WHERE t.booking_id = b.id AND t.status = 'valid') AS tickets,
    (SELECT sum(r.amount)::text FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded') AS given,
    (SELECT json_object_agg(l.account, l.sum ORDER BY l.account)
     FROM (SELECT account, sum(amount)::text FROM ledger_entries WHERE order_id = o.id GROUP BY account) l) AS ledger,
    (SELECT count(*)::int FROM payment_webhooks w WHERE w.intent_id = p.intent_id) AS webhooks,
    (SELECT count(*)::int FROM outbox_messages m WHERE m.topic = 'booking.confirmed' AND (m.payload->>'bookingId')::int = b.id) AS told,
    count(*)::int AS payments
  FROM orders o JOIN bookings b ON b.id = o.booking_id JOIN payments p ON p.order_id = o.id GROUP BY o.id, b.id, p.id`;

describe('receiveWebhook', () => {
  it('ends in the same state and ledger for six webhooks in any order, duplicated and concurrent', async () => {
    const all = await payments();
    expect(all).toHaveLength(720);
    for (let step = 0; step < LIFE.length; step += 1) {
      await live(all, step);
      await send(
        all.flatMap((payment, index) => {
          const which = payment.order[step]!;
          // In turn: twice at once, together with the previous webhook, or alone.
          if (index % 3 === 0) return [{ payment, which, times: 2 }];
          const again = index % 3 === 1 && step > 0 ? [{ payment, which: payment.order[step - 1]!, times: 1 }] : [];
          return [...again, { payment, which, times: 1 }];
        }),
      );
    }
    await send(
      all.flatMap((payment, index) =>
        LIFE.flatMap((_, which) => (index % 3 === 2 ? [{ payment, which, times: 1 }] : [])),
      ),
    );
    const { rows } = await database.raw<{ rows: Record<string, unknown>[] }>(END);
    expect(rows).toHaveLength(720);
    expect([...new Set(rows.map((row) => JSON.stringify(row)))].map((row) => JSON.parse(row) as unknown)).toEqual([
      {
        status: 'partially_refunded',
        booking: 'confirmed',
        payment: 'succeeded',
        captured: '20.000',
        refunded: '8.000',
        tickets: 2,
        given: '8.000',
        ledger: { 'provider:sandbox': '12.000', refunds_due: '0.000', sales: '-12.000' },
        webhooks: 6,
        told: 1,
        payments: 1,
      },
    ]);
  }, 300_000);
});
