import Big from 'big.js';
import { captureCredits, holdCredits } from './credits';
import { getDecimals } from '../../../lib/money/money';
import { priceDiscountedLines, type PriceCut } from '../../../lib/money/pricing';
import type { BookingState, DiscountState, EventState, OrderDraft, OrderState } from '../../../models/inventory/types';
import { applyDiscount } from '../../../lib/discount-rules';
import type { Context } from './context';
import { addMessage } from './context';

const GROUP_LENGTH = 5;
const NO_DISCOUNT: PriceCut = { type: 'fixed', value: '0' };

/** Formats a booking reference as an order number: two groups of five, easy to read out. */
export const toOrderNumber = (reference: string): string =>
  `${reference.slice(0, GROUP_LENGTH)}-${reference.slice(GROUP_LENGTH)}`;

interface OrderTerms {
  event: EventState;
  discount: DiscountState | undefined;
  /** All of the total, or nothing. */
  creditsApplied: string;
}

/** Creates the order of a booking, unless all its tickets are free of charge. One that costs nothing or that credits pay is paid at once. */
export function makeOrder(
  context: Context,
  booking: BookingState,
  { event, discount: code, creditsApplied }: OrderTerms,
): void {
  const { items } = booking;
  if (items.every(({ unitPrice }) => Number(unitPrice) === 0)) return;
  const { currency, taxRate, isTaxInclusive } = event;
  const rule = { taxRate, isTaxInclusive, decimals: getDecimals(currency) };
  const price = code ? applyDiscount(items, event, code) : priceDiscountedLines(items, rule, NO_DISCOUNT);
  const { subtotal, discount, tax, total, lines: pricedItems } = price;
  booking.order = {
    id: 0,
    orderNumber: toOrderNumber(booking.reference),
    userId: booking.userId,
    status: new Big(total).eq(creditsApplied) ? 'paid' : 'pending',
    total,
    creditsApplied,
    currency,
    paymentId: null,
    payments: [],
  };
  const draft: OrderDraft = { subtotal, discount, tax, taxRate, isTaxInclusive, lines: pricedItems };
  context.changes.insertedOrders.set(booking, draft);
  holdCredits(context, booking.order);
  captureCredits(context, booking.order);
}

/** Returns whether someone may be paying for the order right now: `processing`, `open` (an intent could still succeed), or undefined. */
export function getPaymentActivity({
  status,
  payments,
}: Pick<OrderState, 'status' | 'payments'>): 'processing' | 'open' | undefined {
  if (status === 'processing' || payments.some((payment) => payment.status === 'processing')) return 'processing';
  return payments.some((payment) => payment.status === 'pending' || payment.status === 'failed') ? 'open' : undefined;
}

export function expireOrder(context: Context, order: OrderState): void {
  order.status = 'expired';
  context.changes.updatedOrders.add(order);
}

/** Closes the order of a cancelled booking. A message then closes its payment intents and refunds this share of the payment. */
export function closeOrder(context: Context, order: OrderState, refundPercent: number): void {
  if (order.status === 'pending' || order.status === 'processing' || order.status === 'paid') {
    order.status = 'cancelled';
    context.changes.updatedOrders.add(order);
  }
  addMessage(context, () => ({ topic: 'order.closed', payload: { orderId: order.id, refundPercent } }));
}
