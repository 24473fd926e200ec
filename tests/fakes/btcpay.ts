import { createHmac } from 'node:crypto';
import { type FakeAnswer, type FakeEvent, fakeId, type FakeProvider, type FakeRequest, startFake } from './server';

interface Invoice {
  id: string;
  storeId: string;
  amount: string;
  currency: string;
  type: 'Standard';
  checkoutLink: string;
  createdTime: number;
  expirationTime: number;
  status: string;
  additionalStatus: string;
  metadata: { orderId: string };
  archived: boolean;
}

interface PullPayment {
  id: string;
  name: string;
  description: string;
  amount: string;
  currency: string;
  startsAt: number;
  archived: boolean;
  viewLink: string;
}

interface Payment {
  id: string;
  value: string;
  status: string;
}

interface CreateInvoice {
  amount: string;
  currency: string;
  metadata: { orderId: string };
  checkout: { expirationMinutes: number };
}

interface CreateRefund {
  name: string;
  description: string;
  payoutMethodId: string;
  refundVariant: string;
  customAmount: string;
  customCurrency: string;
}

export interface FakeBtcpay extends FakeProvider {
  invoice(id: string): Invoice | undefined;
  expire(intentId: string): void;
  /** The customer pays an invoice that has expired or was marked invalid. `share` is the part of the amount that arrives. */
  payAfterExpiry(intentId: string, share: number): void;
  /** The customer collects a refund. */
  claim(refundId: string): void;
}

interface Credentials {
  storeId: string;
  apiKey: string;
  webhookSecret: string;
}

/** The price of one BTC in the currency of the invoice. */
const RATE = '50000';

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
const problem = (status: number, code: string): FakeAnswer => ({ status, body: { code, message: code } });
const invalid = (path: string): FakeAnswer => ({ status: 422, body: [{ path, message: 'Not so.' }] });

/** Imitates BTCPay Server 2: the Greenfield API of one store, webhooks signed with `BTCPay-Sig`, no idempotency keys. */
export async function startBtcpay({ storeId, apiKey, webhookSecret }: Credentials): Promise<FakeBtcpay> {
  const invoices = new Map<string, Invoice>();
  const payments = new Map<string, Payment[]>();
  const pullPayments = new Map<string, PullPayment & { invoiceId: string }>();
  const claimed = new Set<string>();
  const events: FakeEvent[] = [];
  let url = '';

  function tell(type: string, { id: invoiceId, metadata }: Invoice, more: object = {}): void {
    const id = fakeId('', 22);
    const facts = { deliveryId: id, webhookId: 'KxHxFDkGD5eCxkcKhdMq1o', originalDeliveryId: id, isRedelivery: false };
    const body = JSON.stringify({ ...facts, type, timestamp: '@sentAt', storeId, invoiceId, metadata, ...more });
    events.push({ id, type, intentId: invoiceId, body });
  }

  function createInvoice(body: string): FakeAnswer {
    const { amount, currency, metadata, checkout } = JSON.parse(body) as CreateInvoice;
    if (!/^\d+(\.\d+)?$/.test(amount)) return invalid('amount');
    if (!Number.isInteger(checkout.expirationMinutes)) return invalid('checkout.expirationMinutes');
    const id = fakeId('', 22);
    const now = seconds(new Date());
    const invoice: Invoice = {
      id,
      storeId,
      amount,
      currency,
      type: 'Standard',
      checkoutLink: `${url}/i/${id}`,
      createdTime: now,
      expirationTime: now + checkout.expirationMinutes * 60,
      status: 'New',
      additionalStatus: 'None',
      metadata,
      archived: false,
    };
    invoices.set(id, invoice);
    payments.set(id, []);
    tell('InvoiceCreated', invoice);
    return { status: 200, body: invoice };
  }

  function mark(invoice: Invoice, body: string): FakeAnswer {
    const { status } = JSON.parse(body) as { status: string };
    if (status !== 'Invalid' && status !== 'Settled') return invalid('status');
    Object.assign(invoice, { status, additionalStatus: 'Marked' });
    tell(`Invoice${status}`, invoice, { manuallyMarked: true });
    return { status: 200, body: invoice };
  }

  function refund(invoice: Invoice, body: string): FakeAnswer {
    const sent = JSON.parse(body) as CreateRefund;
    const isPaidLate = invoice.status === 'Expired' && invoice.additionalStatus.startsWith('Paid');
    if (!['Settled', 'Invalid'].includes(invoice.status) && !isPaidLate) return problem(400, 'non-refundable');
    if (sent.payoutMethodId !== 'BTC-CHAIN') return invalid('payoutMethodId');
    if (sent.refundVariant !== 'Custom') return invalid('refundVariant');
    if (sent.name.length > 50) return invalid('name');
    const id = fakeId('', 28);
    const made: PullPayment = {
      id,
      name: sent.name,
      description: sent.description,
      amount: sent.customAmount,
      currency: sent.customCurrency,
      startsAt: seconds(new Date()),
      archived: false,
      viewLink: `${url}/pull-payments/${id}`,
    };
    pullPayments.set(id, { ...made, invoiceId: invoice.id });
    return { status: 200, body: made };
  }

  function methodsOf(invoice: Invoice): FakeAnswer {
    const chain = { paymentMethodId: 'BTC-CHAIN', currency: 'BTC', rate: RATE, payments: payments.get(invoice.id) };
    const lightning = { paymentMethodId: 'BTC-LN', currency: 'BTC', rate: RATE, payments: [] };
    return { status: 200, body: [lightning, chain] };
  }

  function ofInvoice({ method, body }: FakeRequest, invoice: Invoice | undefined, action?: string): FakeAnswer {
    if (!invoice) return problem(404, 'invoice-not-found');
    if (method === 'GET') return action === 'payment-methods' ? methodsOf(invoice) : { status: 200, body: invoice };
    return action === 'status' ? mark(invoice, body) : refund(invoice, body);
  }

  function ofStore(request: FakeRequest): FakeAnswer {
    const { method, path, query, body } = request;
    const [, , , , store, kind, id, action] = path.split('/');
    if (store !== storeId) return problem(403, 'missing-permission');
    if (kind === 'pull-payments' && method === 'DELETE') {
      pullPayments.get(id ?? '')!.archived = true;
      return { status: 200 };
    }
    if (kind === 'pull-payments')
      return { status: 200, body: [...pullPayments.values()].filter(({ archived }) => !archived) };
    if (id) return ofInvoice(request, invoices.get(id), action);
    if (method === 'POST') return createInvoice(body);
    const asked = query.getAll('orderId');
    const found = [...invoices.values()].filter(({ metadata }) => asked.includes(metadata.orderId));
    return { status: 200, body: found.reverse() };
  }

  function handle(request: FakeRequest): FakeAnswer {
    if (request.headers.authorization !== `token ${apiKey}`) return problem(401, 'unauthenticated');
    const payouts = /^\/api\/v1\/pull-payments\/([^/]+)\/payouts$/.exec(request.path)?.[1];
    if (payouts === undefined) return ofStore(request);
    return { status: 200, body: claimed.has(payouts) ? [{ id: fakeId('', 28), state: 'Completed' }] : [] };
  }

  function receive(invoice: Invoice, status: string, share = 1): void {
    const value = ((Number(invoice.amount) * share) / Number(RATE)).toFixed(8);
    payments.set(invoice.id, [{ id: fakeId('', 64), value, status }]);
    tell('InvoiceReceivedPayment', invoice, { afterExpiration: invoice.status === 'Expired' });
  }

  function pay(intentId: string, instead: { amount?: string; currency?: string } = {}): void {
    const invoice = invoices.get(intentId)!;
    if (invoice.status !== 'New' && invoice.status !== 'Processing') throw new Error(`It is ${invoice.status}.`);
    Object.assign(invoice, instead);
    receive(invoice, 'Settled');
    tell('InvoiceProcessing', invoice);
    invoice.status = 'Settled';
    tell('InvoicePaymentSettled', invoice);
    tell('InvoiceSettled', invoice, { manuallyMarked: false });
  }

  const server = await startFake(handle, ({ method }) => method !== 'GET');
  url = server.url;
  return {
    ...server,
    events,
    invoice: (id) => invoices.get(id),
    intents: () => [...invoices.values()].filter(({ status }) => status !== 'Invalid').length,
    charges: () => [...payments.values()].filter((all) => all.some(({ status }) => status === 'Settled')).length,
    refunds: () => [...pullPayments.values()].filter(({ archived }) => !archived).length,
    pay,
    arrive: (intentId) => pay(intentId),
    payLater(intentId) {
      const invoice = invoices.get(intentId)!;
      receive(invoice, 'Processing');
      invoice.status = 'Processing';
      tell('InvoiceProcessing', invoice);
    },
    decline(intentId) {
      const invoice = invoices.get(intentId)!;
      Object.assign(invoice, { status: 'Invalid', additionalStatus: 'Invalid' });
      tell('InvoiceInvalid', invoice, { manuallyMarked: false });
    },
    expire(intentId) {
      const invoice = invoices.get(intentId)!;
      invoice.status = 'Expired';
      tell('InvoiceExpired', invoice, { partiallyPaid: false });
    },
    payAfterExpiry(intentId, share) {
      const invoice = invoices.get(intentId)!;
      // An invoice that was marked by hand keeps that mark.
      if (invoice.status === 'Expired') invoice.additionalStatus = share < 1 ? 'PaidPartial' : 'PaidLate';
      receive(invoice, 'Settled', share);
    },
    claim: (refundId) => void claimed.add(refundId),
    sign({ body }, { secret = webhookSecret, at = new Date() } = {}) {
      const bytes = Buffer.from(body.replace('"@sentAt"', String(seconds(at))));
      const signature = createHmac('sha256', secret).update(bytes).digest('hex');
      const headers = { 'content-type': 'application/json', 'btcpay-sig': `sha256=${signature}` };
      return { body: bytes, headers };
    },
  };
}
