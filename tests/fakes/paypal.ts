import { createHmac, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import Big from 'big.js';
import { type FakeAnswer, type FakeEvent, fakeId, type FakeProvider, type FakeRequest, startFake } from './server';

interface Money {
  currency_code: string;
  value: string;
}

interface Capture {
  id: string;
  status: string;
  amount: Money;
  invoice_id?: string;
  custom_id?: string;
  supplementary_data: { related_ids: { order_id: string } };
}

interface Refund {
  id: string;
  status: string;
  amount: Money;
  custom_id?: string;
  links: { rel: string; href: string; method: string }[];
}

interface Order {
  id: string;
  intent: string;
  status: string;
  create_time: string;
  update_time: string;
  purchase_units: {
    reference_id: string;
    custom_id?: string;
    invoice_id?: string;
    description?: string;
    amount: Money;
    payments?: { captures: Capture[]; refunds?: Refund[] };
  }[];
  links: { rel: string; href: string; method: string }[];
}

interface Dispute {
  dispute_id: string;
  status: string;
  dispute_life_cycle_stage: string;
  disputed_transactions: { seller_transaction_id: string }[];
  dispute_outcome?: { outcome_code: string };
}

export interface FakePaypal extends FakeProvider {
  order(id: string): Order | undefined;
  /** The customer approves the order. The money is taken when the order is captured. */
  approve(intentId: string): void;
  dispute(intentId: string, changes?: Partial<Dispute>): void;
  closeDispute(intentId: string, status: 'won' | 'lost'): void;
  /** Sets whether our app has permission to read disputes. */
  allowDisputes(isAllowed: boolean): void;
  /** The customer's bank declines the next captures. */
  declineNextCapture(): void;
  /** Revokes all tokens issued so far. */
  revokeTokens(): void;
  tokens(): number;
  /** Forgets the request ids, as PayPal does after hours. */
  forgetKeys(): void;
}

interface Credentials {
  clientId: string;
  clientSecret: string;
  webhookId: string;
}

// Stands in for PayPal's private key.
const SIGNING_KEY = randomUUID();
const WITHOUT_DECIMALS = ['HUF', 'JPY', 'TWD'];

const problem = (status: number, issue: string): FakeAnswer => ({
  status,
  body: { name: status === 404 ? 'RESOURCE_NOT_FOUND' : 'UNPROCESSABLE_ENTITY', details: [{ issue }], debug_id: 'f00' },
});

function signature(id: string, time: string, webhookId: string, body: string): string {
  return createHmac('sha256', SIGNING_KEY)
    .update(`${id}|${time}|${webhookId}|${crc32(body)}`)
    .digest('base64');
}

/** Imitates api-m.paypal.com: OAuth, orders v2, captures, refunds, disputes, and the verification of webhook signatures. */
export async function startPaypal({ clientId, clientSecret, webhookId }: Credentials): Promise<FakePaypal> {
  const orders = new Map<string, Order>();
  const captures = new Map<string, Capture>();
  const refunds = new Map<string, Refund>();
  const disputes: Dispute[] = [];
  const answers = new Map<string, FakeAnswer>();
  const tokens = new Set<string>();
  const events: FakeEvent[] = [];
  let tokenCount = 0;
  const declined = new Set<string>();
  let isNextDeclined = false;
  let areDisputesAllowed = true;
  let url = '';

  function tell(type: string, order: Order, resource: object): void {
    const id = fakeId('WH-', 27);
    // Spaced as PayPal writes it, which differs from JSON.stringify.
    const body = `{"id":"${id}", "event_version":"1.0", "event_type":"${type}", "resource":${JSON.stringify(resource)}, "zen": 1.0}`;
    events.push({ id, type, intentId: order.id, body });
  }

  const touch = (order: Order): void => void (order.update_time = `2026-11-21T10:00:00Z#${fakeId('', 6)}`);
  const unitOf = (order: Order): Order['purchase_units'][number] => order.purchase_units[0]!;

  function createOrder(body: string): FakeAnswer {
    const sent = JSON.parse(body) as Order;
    const { currency_code, value } = unitOf(sent).amount;
    const decimals = WITHOUT_DECIMALS.includes(currency_code) ? 0 : 2;
    if (currency_code === 'KWD') return problem(422, 'CURRENCY_NOT_SUPPORTED');
    if ((value.split('.')[1] ?? '').length !== decimals) return problem(422, 'DECIMAL_PRECISION');
    const id = fakeId('', 17);
    const order: Order = {
      id,
      intent: sent.intent,
      status: 'PAYER_ACTION_REQUIRED',
      create_time: new Date().toISOString(),
      update_time: new Date().toISOString(),
      purchase_units: sent.purchase_units.map((unit) => ({ ...unit, reference_id: 'default' })),
      links: [
        { rel: 'self', href: `${url}/v2/checkout/orders/${id}`, method: 'GET' },
        { rel: 'payer-action', href: `https://www.sandbox.paypal.com/checkoutnow?token=${id}`, method: 'GET' },
      ],
    };
    orders.set(id, order);
    return { status: 200, body: order };
  }

  function take(order: Order, status: string): Capture {
    const unit = unitOf(order);
    const { amount, custom_id, invoice_id } = unit;
    const supplementary_data = { related_ids: { order_id: order.id } };
    const made: Capture = { id: fakeId('', 17), status, amount, custom_id, invoice_id, supplementary_data };
    captures.set(made.id, made);
    unit.payments = { captures: [made] };
    order.status = 'COMPLETED';
    touch(order);
    return made;
  }

  function capture(order: Order): FakeAnswer {
    if (order.status === 'COMPLETED') return problem(422, 'ORDER_ALREADY_CAPTURED');
    if (order.status !== 'APPROVED') return problem(422, 'ORDER_NOT_APPROVED');
    const { invoice_id } = unitOf(order);
    if ([...captures.values()].some((known) => known.invoice_id === invoice_id))
      return problem(422, 'DUPLICATE_INVOICE_ID');
    if (isNextDeclined || declined.delete(order.id)) {
      isNextDeclined = false;
      order.status = 'PAYER_ACTION_REQUIRED';
      touch(order);
      return problem(422, 'INSTRUMENT_DECLINED');
    }
    tell('PAYMENT.CAPTURE.COMPLETED', order, take(order, 'COMPLETED'));
    return { status: 201, body: order };
  }

  function patch(order: Order, body: string): FakeAnswer {
    if (order.status === 'COMPLETED') return problem(422, 'ORDER_ALREADY_COMPLETED');
    const [change] = JSON.parse(body) as [{ op: string; path: string; value: string }];
    if (change.path !== "/purchase_units/@reference_id=='default'/custom_id") return problem(422, 'NOT_PATCHABLE');
    unitOf(order).custom_id = change.value;
    return { status: 204 };
  }

  function refundCapture(taken: Capture, body: string): FakeAnswer {
    const { amount, custom_id } = JSON.parse(body) as Refund;
    const order = orders.get(taken.supplementary_data.related_ids.order_id)!;
    const payments = unitOf(order).payments!;
    const given = (payments.refunds ?? []).reduce((sum, refund) => sum.plus(refund.amount.value), new Big(0));
    if (amount.currency_code !== taken.amount.currency_code) return problem(422, 'CURRENCY_MISMATCH');
    if (given.plus(amount.value).gt(taken.amount.value)) return problem(422, 'REFUND_AMOUNT_EXCEEDED');
    const up = { rel: 'up', href: `${url}/v2/payments/captures/${taken.id}`, method: 'GET' };
    const made: Refund = { id: fakeId('', 17), status: 'COMPLETED', amount, custom_id, links: [up] };
    refunds.set(made.id, made);
    payments.refunds = [...(payments.refunds ?? []), made];
    taken.status = given.plus(amount.value).eq(taken.amount.value) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
    tell('PAYMENT.CAPTURE.REFUNDED', order, made);
    return { status: 201, body: made };
  }

  function verify(body: string): FakeAnswer {
    const sent = JSON.parse(body) as Record<string, string>;
    // The signature covers the exact bytes, so the event must not be parsed and written again.
    const event = body.slice(body.indexOf('"webhook_event":') + '"webhook_event":'.length, -1);
    const expected = signature(sent.transmission_id!, sent.transmission_time!, sent.webhook_id!, event);
    const isRight = expected === sent.transmission_sig && sent.webhook_id === webhookId;
    return { status: 200, body: { verification_status: isRight ? 'SUCCESS' : 'FAILURE' } };
  }

  function token({ headers }: FakeRequest): FakeAnswer {
    const login = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    if (headers.authorization !== `Basic ${login}`) return { status: 401, body: { error: 'invalid_client' } };
    const access_token = fakeId('A21AA', 40);
    tokenCount += 1;
    tokens.add(access_token);
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: 32_400 } };
  }

  function listDisputes(query: URLSearchParams): FakeAnswer {
    const of = query.get('disputed_transaction_id');
    const found = disputes.filter((dispute) => dispute.disputed_transactions[0]!.seller_transaction_id === of);
    // The list leaves out the outcome; only a request for a single dispute returns it.
    return { status: 200, body: { items: found.map((dispute) => ({ ...dispute, dispute_outcome: undefined })) } };
  }

  function route({ method, path, query, body }: FakeRequest): FakeAnswer {
    if (path === '/v1/notifications/verify-webhook-signature') return verify(body);
    if (path.startsWith('/v1/customer/disputes') && !areDisputesAllowed) return problem(403, 'PERMISSION_DENIED');
    if (path === '/v1/customer/disputes') return listDisputes(query);
    if (path === '/v2/checkout/orders') return createOrder(body);
    const [, , , kind, id = '', action] = path.split('/');
    if (kind === 'disputes') return { status: 200, body: disputes.find(({ dispute_id }) => dispute_id === id) };
    const taken = captures.get(id);
    if (kind === 'captures' && taken)
      return action === 'refund' ? refundCapture(taken, body) : { status: 200, body: taken };
    const order = kind === 'orders' ? orders.get(id) : undefined;
    if (!order) return problem(404, 'INVALID_RESOURCE_ID');
    if (method === 'PATCH') return patch(order, body);
    return action === 'capture' ? capture(order) : { status: 200, body: order };
  }

  function handle(request: FakeRequest): FakeAnswer {
    if (request.path === '/v1/oauth2/token') return token(request);
    const { authorization = '', 'paypal-request-id': key } = request.headers;
    if (!tokens.has(authorization.replace('Bearer ', ''))) return { status: 401, body: { error: 'invalid_token' } };
    if (request.method !== 'POST' || typeof key !== 'string') return route(request);
    const known = answers.get(key) ?? route(request);
    const answer = { ...known, body: structuredClone(known.body) };
    answers.set(key, answer);
    return answer;
  }

  function approve(intentId: string): void {
    const order = orders.get(intentId)!;
    order.status = 'APPROVED';
    touch(order);
    tell('CHECKOUT.ORDER.APPROVED', order, order);
  }

  const server = await startFake(handle, ({ method, path }) => method !== 'GET' && path.startsWith('/v2/'));
  url = server.url;
  return {
    ...server,
    events,
    order: (id) => orders.get(id),
    intents: () => orders.size,
    charges: () => [...captures.values()].filter(({ status }) => !['PENDING', 'DECLINED'].includes(status)).length,
    refunds: () => refunds.size,
    tokens: () => tokenCount,
    approve,
    pay(intentId, { amount, currency } = {}) {
      const { amount: asked } = unitOf(orders.get(intentId)!);
      Object.assign(asked, amount && { value: amount }, currency && { currency_code: currency });
      approve(intentId);
    },
    payLater(intentId) {
      const order = orders.get(intentId)!;
      tell('PAYMENT.CAPTURE.PENDING', order, take(order, 'PENDING'));
    },
    arrive(intentId) {
      const order = orders.get(intentId)!;
      const [pending] = unitOf(order).payments!.captures;
      pending!.status = 'COMPLETED';
      tell('PAYMENT.CAPTURE.COMPLETED', order, pending!);
    },
    decline(intentId) {
      declined.add(intentId);
      approve(intentId);
    },
    declineNextCapture: () => void (isNextDeclined = true),
    dispute(intentId, changes = {}) {
      const order = orders.get(intentId)!;
      const dispute: Dispute = {
        dispute_id: fakeId('PP-D-', 20),
        status: 'UNDER_REVIEW',
        dispute_life_cycle_stage: 'CHARGEBACK',
        disputed_transactions: [{ seller_transaction_id: unitOf(order).payments!.captures[0]!.id }],
        ...changes,
      };
      disputes.push(dispute);
      tell('CUSTOMER.DISPUTE.CREATED', order, dispute);
    },
    closeDispute(intentId, status) {
      const order = orders.get(intentId)!;
      const of = unitOf(order).payments!.captures[0]!.id;
      const open = disputes.find(({ disputed_transactions: [one] }) => one!.seller_transaction_id === of)!;
      const outcome_code = status === 'won' ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR';
      Object.assign(open, { status: 'RESOLVED', dispute_outcome: { outcome_code } });
      tell('CUSTOMER.DISPUTE.RESOLVED', order, open);
    },
    allowDisputes: (isAllowed) => void (areDisputesAllowed = isAllowed),
    revokeTokens: () => tokens.clear(),
    forgetKeys: () => answers.clear(),
    sign({ body }, { secret = webhookId, at = new Date() } = {}) {
      const id = randomUUID();
      const time = `${at.toISOString().slice(0, 19)}Z`;
      const headers = {
        'content-type': 'application/json',
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270',
        'paypal-transmission-id': id,
        'paypal-transmission-sig': signature(id, time, secret, body),
        'paypal-transmission-time': time,
      };
      return { body: Buffer.from(body), headers };
    },
  };
}
