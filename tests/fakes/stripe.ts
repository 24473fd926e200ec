import { createHmac } from 'node:crypto';
import Big from 'big.js';
import { type FakeAnswer, type FakeEvent, fakeId, type FakeProvider, type FakeRequest, startFake } from './server';

interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  currency: string;
  disputed: boolean;
  paid: boolean;
  payment_intent: string;
  status: string;
}

interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  client_secret: string;
  currency: string;
  created: number;
  description: string | null;
  last_payment_error: { type: string; code: string; decline_code: string } | null;
  latest_charge: string | null;
  livemode: false;
  metadata: Record<string, string>;
  status: string;
}

interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  charge: string;
  currency: string;
  metadata: Record<string, string>;
  payment_intent: string;
  status: string;
}

interface Dispute {
  id: string;
  object: 'dispute';
  amount: number;
  charge: string;
  payment_intent: string;
  status: string;
}

export interface FakeStripe extends FakeProvider {
  intent(id: string): Intent | undefined;
  dispute(intentId: string, status?: string): void;
  /** The bank decides a dispute. */
  closeDispute(intentId: string, status: 'won' | 'lost'): void;
  /** The next create fails with a 500, which later requests with the same idempotency key get again, as at Stripe. */
  keepNextFailure(): void;
  /** Forgets the idempotency keys, as Stripe does after a day. */
  forgetKeys(): void;
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const decimalsOf = (currency: string): number => ({ JPY: 0, KWD: 3 })[currency.toUpperCase()] ?? 2;
const refusal = (status: number, code: string, message: string, type = 'invalid_request_error'): FakeAnswer => ({
  status,
  body: { error: { type, code, message } },
});
const listOf = (url: string, data: object[]): FakeAnswer => ({
  status: 200,
  body: { object: 'list', url, has_more: false, data },
});

/** Parses `metadata[order_id]=1&amount=2` into a nested object. All values are strings. */
function parseForm(body: string): Record<string, string> & { metadata: Record<string, string> } {
  const form: Record<string, unknown> = {};
  const metadata: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const key = /^metadata\[(.+)\]$/.exec(name)?.[1];
    if (key) metadata[key] = value;
    else form[name] = value;
  }
  return { ...form, metadata } as Record<string, string> & { metadata: Record<string, string> };
}

/** Imitates api.stripe.com: form in, JSON out, idempotency keys, `Stripe-Signature`. */
export async function startStripe(secretKey: string, webhookSecret: string): Promise<FakeStripe> {
  const intents = new Map<string, Intent>();
  const charges = new Map<string, Charge>();
  const refunds = new Map<string, Refund>();
  const disputes = new Map<string, Dispute>();
  const answers = new Map<string, { body: string; answer: FakeAnswer }>();
  const events: FakeEvent[] = [];
  let isFailureKept = false;

  function tell(type: string, object: { id: string; payment_intent?: string }): void {
    const id = fakeId('evt_', 28);
    const created = seconds(new Date());
    const body = { id, object: 'event', api_version: '2026-10-28.endive', created, type, data: { object } };
    events.push({ id, type, intentId: object.payment_intent ?? object.id, body: JSON.stringify(body) });
  }

  const chargeOf = (intent: Intent): Charge | undefined => charges.get(intent.latest_charge ?? '');

  function createIntent(body: string): FakeAnswer {
    const form = parseForm(body);
    const amount = Number(form.amount);
    const currency = form.currency ?? '';
    if (!Number.isInteger(amount) || amount < 1) return refusal(400, 'parameter_invalid_integer', 'Invalid integer');
    if (currency === 'usd' && amount < 50) return refusal(400, 'amount_too_small', 'Amount must be at least $0.50 usd');
    if (decimalsOf(currency) === 3 && amount % 10 !== 0) return refusal(400, 'amount_invalid', 'Last digit must be 0');
    if (currency !== currency.toLowerCase()) return refusal(400, 'currency_invalid', 'Lower case, please');
    if (form['automatic_payment_methods[enabled]'] !== 'true') return refusal(400, 'parameter_missing', 'No methods');
    const id = fakeId('pi_', 27);
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount,
      amount_received: 0,
      client_secret: `${id}_secret_${id.slice(-8)}`,
      currency,
      created: seconds(new Date()),
      description: form.description ?? null,
      last_payment_error: null,
      latest_charge: null,
      livemode: false,
      metadata: form.metadata,
      status: 'requires_payment_method',
    };
    intents.set(id, intent);
    tell('payment_intent.created', intent);
    return { status: 200, body: intent };
  }

  function present(intent: Intent, query: URLSearchParams): FakeAnswer {
    const expanded = query.getAll('expand[0]').concat(query.getAll('expand[]')).includes('latest_charge');
    return { status: 200, body: expanded ? { ...intent, latest_charge: chargeOf(intent) ?? null } : intent };
  }

  function cancel(intent: Intent): FakeAnswer {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status))
      return refusal(400, 'payment_intent_unexpected_state', `You cannot cancel a ${intent.status} PaymentIntent.`);
    intent.status = 'canceled';
    tell('payment_intent.canceled', intent);
    return { status: 200, body: intent };
  }

  function createRefund(body: string): FakeAnswer {
    const form = parseForm(body);
    const intent = intents.get(form.payment_intent ?? '');
    const charge = intent && chargeOf(intent);
    if (!intent || !charge?.paid) return refusal(400, 'charge_not_refundable', 'There is no successful charge.');
    const amount = Number(form.amount);
    const left = charge.amount - charge.amount_refunded;
    if (left === 0) return refusal(400, 'charge_already_refunded', 'Charge has already been refunded.');
    if (amount > left) return refusal(400, 'amount_too_large', 'Refund amount is greater than unrefunded amount.');
    const refund: Refund = {
      id: fakeId('re_', 27),
      object: 'refund',
      amount,
      charge: charge.id,
      currency: charge.currency,
      metadata: form.metadata,
      payment_intent: intent.id,
      status: 'succeeded',
    };
    refunds.set(refund.id, refund);
    charge.amount_refunded += amount;
    tell('refund.created', refund);
    tell('charge.refunded', charge);
    return { status: 200, body: refund };
  }

  function route({ method, path, query, body }: FakeRequest): FakeAnswer {
    const [, , kind, id = '', action] = path.split('/');
    const ofIntent = <T extends { payment_intent: string }>(things: Map<string, T>): T[] =>
      [...things.values()].filter((thing) => thing.payment_intent === query.get('payment_intent'));
    if (method === 'GET' && kind === 'refunds') return listOf(path, ofIntent(refunds).reverse());
    if (method === 'GET' && kind === 'disputes') return listOf(path, ofIntent(disputes).reverse());
    if (method === 'POST' && kind === 'refunds') return createRefund(body);
    if (kind === 'payment_intents' && method === 'POST' && !id) return createIntent(body);
    const intent = intents.get(id);
    if (!intent) return refusal(404, 'resource_missing', `No such payment_intent: '${id}'`);
    return action === 'cancel' ? cancel(intent) : present(intent, query);
  }

  function handle(request: FakeRequest): FakeAnswer {
    const { authorization, 'idempotency-key': key } = request.headers;
    if (authorization !== `Bearer ${secretKey}`) return refusal(401, 'api_key_invalid', 'Invalid API Key provided');
    if (request.headers['stripe-version'] === undefined) return refusal(400, 'version_missing', 'No version');
    if (request.method !== 'POST' || typeof key !== 'string') return route(request);
    const known = answers.get(key);
    if (known && known.body !== request.body)
      return refusal(
        400,
        'idempotency_mismatch',
        'Keys can only be used with the same parameters',
        'idempotency_error',
      );
    if (known) return { ...known.answer, headers: { 'idempotent-replayed': 'true' } };
    const made = route(request);
    const failed: FakeAnswer = { status: 500, body: { error: { type: 'api_error', message: 'oh no' } } };
    const answer = isFailureKept ? failed : { ...made, body: structuredClone(made.body) };
    isFailureKept = false;
    answers.set(key, { body: request.body, answer });
    return answer;
  }

  function charge(intent: Intent, changes: Partial<Charge>): Charge {
    const made: Charge = {
      id: fakeId('ch_', 27),
      object: 'charge',
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      currency: intent.currency,
      disputed: false,
      paid: false,
      payment_intent: intent.id,
      status: 'pending',
      ...changes,
    };
    charges.set(made.id, made);
    intent.latest_charge = made.id;
    return made;
  }

  function pay(intentId: string, { amount, currency }: { amount?: string; currency?: string } = {}): void {
    const intent = intents.get(intentId)!;
    if (intent.status === 'canceled' || intent.status === 'succeeded') throw new Error(`It is ${intent.status}.`);
    if (currency) intent.currency = currency.toLowerCase();
    if (amount) intent.amount = Number(new Big(amount).times(10 ** decimalsOf(intent.currency)));
    const paid = charge(intent, { amount_captured: intent.amount, paid: true, status: 'succeeded' });
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount, last_payment_error: null });
    tell('charge.succeeded', paid);
    tell('payment_intent.succeeded', intent);
  }

  const server = await startFake(handle, ({ method }) => method === 'POST');
  return {
    ...server,
    events,
    intent: (id) => intents.get(id),
    intents: () => intents.size,
    charges: () => [...charges.values()].filter(({ paid }) => paid).length,
    refunds: () => refunds.size,
    pay,
    arrive: (intentId) => pay(intentId),
    payLater(intentId) {
      const intent = intents.get(intentId)!;
      charge(intent, {});
      intent.status = 'processing';
      tell('payment_intent.processing', intent);
    },
    decline(intentId) {
      const intent = intents.get(intentId)!;
      const failed = charge(intent, { status: 'failed' });
      intent.status = 'requires_payment_method';
      intent.last_payment_error = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
      tell('charge.failed', failed);
      tell('payment_intent.payment_failed', intent);
    },
    dispute(intentId, status = 'needs_response') {
      const disputed = chargeOf(intents.get(intentId)!)!;
      disputed.disputed = true;
      const { id: of, amount } = disputed;
      const made: Dispute = {
        id: fakeId('du_', 27),
        object: 'dispute',
        amount,
        charge: of,
        payment_intent: intentId,
        status,
      };
      disputes.set(made.id, made);
      tell('charge.dispute.created', made);
    },
    closeDispute(intentId, status) {
      const open = [...disputes.values()].find(({ payment_intent }) => payment_intent === intentId)!;
      open.status = status;
      tell('charge.dispute.closed', open);
    },
    keepNextFailure: () => void (isFailureKept = true),
    forgetKeys: () => answers.clear(),
    sign({ body }, { secret = webhookSecret, at = new Date() } = {}) {
      const time = seconds(at);
      const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
      const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
      return { body: Buffer.from(body), headers };
    },
  };
}
