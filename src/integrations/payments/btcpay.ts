import { createHash } from 'node:crypto';
import Big from 'big.js';
import { config } from '../../config';
import { getDecimals } from '../../lib/money/money';
import { toExactAmount, sum } from './amounts';
import { btcpay, NAME, getStorePath } from './btcpay.api';
import { createRefusedError } from './failures';
import { createSignatureError, assertFresh, isHmac, parseWebhook, listSecrets } from './signatures';
import type {
  Charge,
  Intent,
  PaymentProvider,
  PaymentState,
  PaymentStatus,
  ProviderMessage,
  ProviderRefund,
  RefundRequest,
} from './types';

interface Invoice {
  id: string;
  status: 'New' | 'Processing' | 'Expired' | 'Invalid' | 'Settled';
  additionalStatus: 'None' | 'PaidLate' | 'PaidPartial' | 'Marked' | 'Invalid' | 'PaidOver';
  amount: string;
  currency: string;
  createdTime: number;
  checkoutLink: string;
}

interface PaymentMethod {
  paymentMethodId: string;
  /** The value of one unit of the payment method in the currency of the invoice. */
  rate: string;
  payments: { value: string; status: 'Invalid' | 'Processing' | 'Settled' }[];
}

interface PullPayment {
  id: string;
  name: string;
  amount: string;
  currency: string;
  startsAt: number;
  archived: boolean;
  viewLink: string;
}

interface Payout {
  state: 'AwaitingApproval' | 'AwaitingPayment' | 'InProgress' | 'Completed' | 'Cancelled';
}

const MINUTE_MS = 60_000;

const invoicePath = (intentId: string): string => getStorePath(`/invoices/${encodeURIComponent(intentId)}`);
const invoices = (): string => getStorePath('/invoices');

/** Returns the earliest item; on a tie, the one whose id sorts first, so that all processes pick the same. */
function findEarliest<T extends { id: string }>(items: T[], madeAt: (item: T) => number): T | undefined {
  return items.toSorted((a, b) => madeAt(a) - madeAt(b) || (a.id < b.id ? -1 : 1))[0];
}

async function findInvoice(orderId: string): Promise<Invoice | undefined> {
  const found = await btcpay<Invoice[]>({
    method: 'GET',
    path: `${invoices()}?orderId=${encodeURIComponent(orderId)}`,
  });
  return findEarliest(found, ({ createdTime }) => createdTime);
}

function markInvalid(intentId: string): Promise<unknown> {
  return btcpay({ method: 'POST', path: `${invoicePath(intentId)}/status`, body: { status: 'Invalid' } });
}

/** BTCPay Server has no idempotency keys, so the invoice contains ours and is looked up before and after. */
async function createIntent(charge: Charge): Promise<Intent> {
  const orderId = `${charge.orderNumber}/${charge.idempotencyKey}`;
  const known = await findInvoice(orderId);
  const minutes = Math.floor((charge.expiresAt.getTime() - Date.now()) / MINUTE_MS);
  const made = await (known ??
    btcpay<Invoice>({
      method: 'POST',
      path: invoices(),
      body: {
        amount: charge.amount,
        currency: charge.currency,
        metadata: { orderId, itemDesc: charge.description, buyerEmail: charge.customerEmail },
        // Requires full payment, regardless of the settings of the store.
        checkout: { expirationMinutes: Math.max(1, minutes), paymentTolerance: 0 },
      },
    }));
  const first = known ?? (await findInvoice(orderId)) ?? made;
  if (first.id !== made.id) await markInvalid(made.id);
  return { id: first.id, clientSecret: null, redirectUrl: first.checkoutLink };
}

function getInvoice(intentId: string): Promise<Invoice> {
  return btcpay({ method: 'GET', path: invoicePath(intentId) });
}

function paymentMethods(intentId: string): Promise<PaymentMethod[]> {
  return btcpay({ method: 'GET', path: `${invoicePath(intentId)}/payment-methods` });
}

interface Money {
  status: PaymentStatus;
  captured: string;
}

/** Returns the state of an invoice that was paid late or partially. Its status does not change, so only its payments show what arrived. */
async function getEndedState({ id, status, amount, additionalStatus, currency }: Invoice): Promise<Money> {
  const methods = await paymentMethods(id);
  const payments = methods.flatMap((method) => method.payments.map((payment) => ({ ...payment, rate: method.rate })));
  if (status === 'Expired' && payments.some((payment) => payment.status === 'Processing'))
    return { status: 'processing', captured: '0' };
  const settled = payments.filter((payment) => payment.status === 'Settled');
  if (settled.length > 0 && additionalStatus === 'PaidLate') return { status: 'succeeded', captured: amount };
  const worth = sum(settled.map(({ value, rate }) => new Big(value).times(rate)));
  return { status: 'cancelled', captured: worth.toFixed(getDecimals(currency), Big.roundDown) };
}

async function getMoney(invoice: Invoice): Promise<Money> {
  const { status, additionalStatus, amount } = invoice;
  if (status === 'Settled') return { status: 'succeeded', captured: amount };
  if (status === 'Processing') return { status: 'processing', captured: '0' };
  if (status === 'New') return { status: 'pending', captured: '0' };
  const isPaid = status === 'Expired' && (additionalStatus === 'PaidLate' || additionalStatus === 'PaidPartial');
  // An invoice that we cancelled may still have been paid.
  return isPaid || status === 'Invalid' ? getEndedState(invoice) : { status: 'cancelled', captured: '0' };
}

/** Returns the name of a pull payment, which has at most 50 characters; an invoice id has 22. */
function refundName(intentId: string, key: string): string {
  return `Refund ${intentId} ${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}

async function listRefunds(intentId: string): Promise<PullPayment[]> {
  const all = await btcpay<PullPayment[]>({ method: 'GET', path: getStorePath('/pull-payments') });
  return all.filter(({ name, archived }) => !archived && name.startsWith(`Refund ${intentId} `));
}

async function findState(intentId: string): Promise<PaymentState> {
  const invoice = await getInvoice(intentId);
  const { status, captured } = await getMoney(invoice);
  const refunds = new Big(captured).gt(0) ? await listRefunds(intentId) : [];
  const { currency } = invoice;
  return {
    intentId: invoice.id,
    status,
    currency,
    captured: toExactAmount(new Big(captured), currency),
    refunded: toExactAmount(sum(refunds.map(({ amount }) => amount)), currency),
    isDisputed: false,
  };
}

async function cancelIntent(intentId: string): Promise<void> {
  const { status } = await getInvoice(intentId);
  // BTCPay Server would also mark a paid invoice as invalid, and its money would be lost from view.
  if (status === 'New') await markInvalid(intentId);
}

/** Returns the method of the customer's payment, which a refund uses too. */
async function payoutMethod(intentId: string): Promise<string> {
  const methods = await paymentMethods(intentId);
  const paid = methods.find(({ payments }) => payments.length > 0);
  if (!paid) throw createRefusedError(NAME, 'there is nothing to refund');
  return paid.paymentMethodId.replace(/-LNURL$/, '-LN');
}

async function presentRefund({ id, viewLink }: PullPayment): Promise<ProviderRefund> {
  const path = `/api/v1/pull-payments/${encodeURIComponent(id)}/payouts`;
  const payouts = await btcpay<Payout[]>({ method: 'GET', path });
  const isFetched = payouts.some(({ state }) => state === 'Completed');
  return { id, status: isFetched ? 'succeeded' : 'pending', claimUrl: viewLink };
}

/** Creates a refund as a page that pays out once, to an address that the customer enters. */
async function refund({ intentId, amount, currency, idempotencyKey, reason }: RefundRequest): Promise<ProviderRefund> {
  const name = refundName(intentId, idempotencyKey);
  const find = async (): Promise<PullPayment | undefined> => {
    const named = (await listRefunds(intentId)).filter((known) => known.name === name);
    return findEarliest(named, ({ startsAt }) => startsAt);
  };
  const known = await find();
  if (known) return presentRefund(known);
  const made = await btcpay<PullPayment>({
    method: 'POST',
    path: `${invoicePath(intentId)}/refund`,
    body: {
      name,
      description: reason ?? '',
      payoutMethodId: await payoutMethod(intentId),
      refundVariant: 'Custom',
      customAmount: amount,
      customCurrency: currency,
    },
  });
  const first = (await find()) ?? made;
  if (first.id !== made.id)
    await btcpay({ method: 'DELETE', path: getStorePath(`/pull-payments/${encodeURIComponent(made.id)}`) });
  return presentRefund(first);
}

interface Delivery {
  deliveryId: string;
  originalDeliveryId?: string | null;
  type: string;
  timestamp: number;
  invoiceId?: string | null;
}

async function readWebhook(body: Buffer, headers: Record<string, string | undefined>): Promise<ProviderMessage> {
  const signature = /^sha256=(.+)$/.exec(headers['btcpay-sig'] ?? '')?.[1];
  if (!signature) throw createSignatureError('it has no BTCPay-Sig header');
  const secrets = listSecrets(config.btcpayWebhookSecret!);
  if (!secrets.some((secret) => isHmac(signature, body, secret))) throw createSignatureError('its BTCPay-Sig is wrong');
  const delivery = parseWebhook<Delivery>(body);
  assertFresh(new Date(delivery.timestamp * 1000));
  return {
    id: delivery.originalDeliveryId ?? delivery.deliveryId,
    type: delivery.type,
    intentId: delivery.invoiceId ?? null,
  };
}

export function btcpayProvider(): PaymentProvider {
  return { name: 'crypto', createIntent, findState, cancelIntent, refund, readWebhook };
}
