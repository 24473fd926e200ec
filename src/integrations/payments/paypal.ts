import Big from 'big.js';
import { config } from '../../config';
import { getDecimals } from '../../lib/money/money';
import { cutText } from '../../lib/text/cut-text';
import { toExactAmount, createUnsupportedError, sum } from './amounts';
import { logRefusal, createRefusedError, createUnknownIntentError } from './failures';
import { isOk, getIssue, NAME, paypal, type PaypalLink, type PaypalMoney, paypalOk } from './paypal.api';
import { readWebhook } from './paypal.webhook';
import type {
  Charge,
  Intent,
  PaymentProvider,
  PaymentState,
  PaymentStatus,
  ProviderRefund,
  RefundRequest,
} from './types';

interface Capture {
  id: string;
  status: string;
  amount: PaypalMoney;
}

interface Refund {
  id: string;
  status: string;
  amount: PaypalMoney;
  custom_id?: string;
}

interface Order {
  id: string;
  status: string;
  update_time?: string;
  links?: PaypalLink[];
  purchase_units: {
    custom_id?: string;
    amount: PaypalMoney;
    payments?: { captures?: Capture[]; refunds?: Refund[] };
  }[];
}

// developer.paypal.com/reference/currency-codes
const CURRENCIES = new Set(
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MYR MXN NOK NZD PHP PLN GBP RUB SGD SEK CHF TWD THB USD'.split(' '),
);
const WITHOUT_DECIMALS = new Set(['HUF', 'JPY', 'TWD']);
/** PayPal orders cannot be cancelled; an order with this custom id is never captured instead. */
const CANCELLED = 'cancelled';

const orderPath = (intentId: string): string => `/v2/checkout/orders/${encodeURIComponent(intentId)}`;

function toMoney(amount: string, currency: string): PaypalMoney {
  const decimals = WITHOUT_DECIMALS.has(currency) ? 0 : getDecimals(currency);
  const exact = new Big(amount);
  if (!CURRENCIES.has(currency) || !exact.eq(exact.round(decimals, Big.roundDown)))
    throw createUnsupportedError(NAME, `${amount} ${currency}`);
  return { currency_code: currency, value: exact.toFixed(decimals) };
}

async function createIntent(charge: Charge): Promise<Intent> {
  const origin = config.frontendOrigins[0] ?? config.publicUrl;
  const page = `${origin}/orders/${charge.orderId}`;
  const order = await paypalOk<Order>({
    method: 'POST',
    path: '/v2/checkout/orders',
    requestId: charge.idempotencyKey,
    body: {
      intent: 'CAPTURE',
      purchase_units: [
        {
          custom_id: String(charge.orderId),
          // PayPal treats a second payment of the same invoice as a mistake and refuses it.
          invoice_id: charge.orderNumber,
          description: cutText(charge.description, { max: 127 }),
          amount: toMoney(charge.amount, charge.currency),
        },
      ],
      payment_source: {
        paypal: {
          email_address: charge.customerEmail,
          experience_context: {
            return_url: page,
            cancel_url: page,
            user_action: 'PAY_NOW',
            shipping_preference: 'NO_SHIPPING',
          },
        },
      },
    },
  });
  const approve = order.links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve');
  return { id: order.id, clientSecret: null, redirectUrl: approve?.href ?? null };
}

async function getOrder(intentId: string): Promise<Order> {
  const response = await paypal({ method: 'GET', path: orderPath(intentId) });
  if (response.status === 404) throw createUnknownIntentError(NAME);
  if (!isOk(response)) throw createRefusedError(NAME, getIssue(response));
  return response.body as Order;
}

const isCancelled = (order: Order): boolean => order.purchase_units[0]?.custom_id === CANCELLED;

function getStatus(order: Order): PaymentStatus {
  const capture = order.purchase_units[0]?.payments?.captures?.at(-1);
  if (capture) {
    if (capture.status === 'PENDING') return 'processing';
    return capture.status === 'DECLINED' || capture.status === 'FAILED' ? 'failed' : 'succeeded';
  }
  return order.status === 'VOIDED' || isCancelled(order) ? 'cancelled' : 'pending';
}

/** Captures an order that the customer approved; PayPal does so only once. Returns true if it was declined. */
async function capture(order: Order): Promise<boolean> {
  const response = await paypal({
    method: 'POST',
    path: `${orderPath(order.id)}/capture`,
    // A new approval after a decline is a separate request.
    requestId: `capture/${order.id}/${order.update_time ?? ''}`,
    body: {},
  });
  if (isOk(response)) return false;
  const issue = getIssue(response);
  if (['ORDER_ALREADY_CAPTURED', 'ORDER_NOT_APPROVED', 'PAYER_ACTION_REQUIRED'].includes(issue)) return false;
  logRefusal(NAME, issue);
  return true;
}

interface Dispute {
  dispute_id: string;
  status: string;
  dispute_life_cycle_stage?: string;
  dispute_outcome?: { outcome_code?: string };
}

/** Returns undefined if the app may not read disputes, which must not keep customers from their tickets. */
async function readDisputes<T>(path: string): Promise<T | undefined> {
  const response = await paypal({ method: 'GET', path: `/v1/customer/disputes${path}` });
  if (isOk(response)) return response.body as T;
  logRefusal(NAME, `${getIssue(response)} when asked for disputes`);
  return undefined;
}

async function isLost({ dispute_id, status }: Dispute): Promise<boolean | undefined> {
  if (status !== 'RESOLVED') return true;
  const resolved = await readDisputes<Dispute>(`/${encodeURIComponent(dispute_id)}`);
  return resolved && resolved.dispute_outcome?.outcome_code === 'RESOLVED_BUYER_FAVOUR';
}

/** True if money was taken back or is held because of a dispute; an inquiry holds no money. */
async function isDisputed(captureId: string): Promise<boolean | undefined> {
  const query = `?disputed_transaction_id=${encodeURIComponent(captureId)}`;
  const found = await readDisputes<{ items?: Dispute[] }>(query);
  if (!found) return undefined;
  const graver = (found.items ?? []).filter((dispute) => dispute.dispute_life_cycle_stage !== 'INQUIRY');
  const lost = await Promise.all(graver.map(isLost));
  return lost.includes(true) || (lost.includes(undefined) ? undefined : false);
}

async function findState(intentId: string): Promise<PaymentState> {
  let order = await getOrder(intentId);
  let isDeclined = false;
  if (order.status === 'APPROVED' && !isCancelled(order)) {
    isDeclined = await capture(order);
    order = await getOrder(intentId);
  }
  const [unit] = order.purchase_units;
  const currency = unit?.amount.currency_code ?? '';
  const { captures = [], refunds = [] } = unit?.payments ?? {};
  const taken = captures.filter(({ status }) => !['PENDING', 'DECLINED', 'FAILED'].includes(status));
  const given = refunds.filter(({ status }) => !['CANCELLED', 'FAILED'].includes(status));
  const status = getStatus(order);
  return {
    intentId: order.id,
    status: isDeclined && status === 'pending' ? 'failed' : status,
    currency: taken[0]?.amount.currency_code ?? currency,
    captured: toExactAmount(sum(taken.map(({ amount }) => amount.value)), currency),
    refunded: toExactAmount(sum(given.map(({ amount }) => amount.value)), currency),
    isDisputed: taken[0] ? await isDisputed(taken[0].id) : false,
  };
}

async function cancelIntent(intentId: string): Promise<void> {
  const response = await paypal({
    method: 'PATCH',
    path: orderPath(intentId),
    body: [{ op: 'replace', path: "/purchase_units/@reference_id=='default'/custom_id", value: CANCELLED }],
  });
  if (response.status === 404) throw createUnknownIntentError(NAME);
  const issue = isOk(response) ? undefined : getIssue(response);
  // The order has already been paid.
  if (issue !== undefined && issue !== 'ORDER_ALREADY_COMPLETED') throw createRefusedError(NAME, issue);
}

function refundStatus(status: string): ProviderRefund['status'] {
  if (status === 'COMPLETED') return 'succeeded';
  return status === 'PENDING' ? 'pending' : 'failed';
}

/** PayPal forgets request ids after some time, so the refund contains its key and is looked up first. */
async function refund({ intentId, amount, currency, idempotencyKey, reason }: RefundRequest): Promise<ProviderRefund> {
  const { captures = [], refunds = [] } = (await getOrder(intentId)).purchase_units[0]?.payments ?? {};
  const known = refunds.find(({ custom_id }) => custom_id === idempotencyKey);
  if (known) return { id: known.id, status: refundStatus(known.status) };
  const taken = captures.at(-1);
  if (!taken) throw createRefusedError(NAME, 'there is nothing to refund');
  const made = await paypalOk<Refund>({
    method: 'POST',
    path: `/v2/payments/captures/${encodeURIComponent(taken.id)}/refund`,
    requestId: idempotencyKey,
    body: {
      amount: toMoney(amount, currency),
      custom_id: idempotencyKey,
      ...(reason && { note_to_payer: cutText(reason, { max: 255 }) }),
    },
  });
  return { id: made.id, status: refundStatus(made.status) };
}

export function paypalProvider(): PaymentProvider {
  return { name: 'paypal', createIntent, findState, cancelIntent, refund, readWebhook };
}
