import Big from 'big.js';
import { getDecimals, formatMoney } from '../../lib/money/money';
import { formatInvoiceNumber } from '../../lib/money/invoice';
import type { OrderDetailRow, OrderItemRow } from '../../models/orders/orders';
import { toIsoTime } from '../bookings/present-booking';

/** Returns the total of an order item, including tax. */
export function formatItemTotal(
  { quantity, unitPrice, discount, tax }: OrderItemRow,
  order: Pick<OrderDetailRow, 'isTaxInclusive' | 'currency'>,
): string {
  const net = new Big(unitPrice).times(quantity).minus(discount);
  return (order.isTaxInclusive ? net : net.plus(tax)).toFixed(getDecimals(order.currency));
}

/** Returns an order as the API shows it. */
export function presentOrder(order: OrderDetailRow) {
  const { id, orderNumber, bookingId, eventId, status, currency, isTaxInclusive } = order;
  const money = (amount: string): string => formatMoney(amount, currency);
  return {
    id,
    orderNumber,
    invoiceNumber: order.invoice && formatInvoiceNumber(order.invoice),
    bookingId,
    eventId,
    status,
    customer: { name: order.customerName, email: order.customerEmail },
    billingAddress: order.billingAddress,
    subtotal: money(order.subtotal),
    discount: money(order.discount),
    taxRate: Number(order.taxRate),
    taxInclusive: isTaxInclusive,
    tax: money(order.tax),
    total: money(order.total),
    currency,
    items: order.items.map((item) => ({
      ticketTypeId: item.ticketTypeId,
      name: item.name,
      quantity: item.quantity,
      unitPrice: money(item.unitPrice),
      discount: money(item.discount),
      tax: money(item.tax),
      total: formatItemTotal(item, order),
    })),
    payments: order.payments.map((payment) => ({
      id: payment.id,
      provider: payment.provider,
      paymentIntentId: payment.paymentIntentId,
      status: payment.status,
      amount: formatMoney(payment.amount, payment.currency),
      captured: formatMoney(payment.captured, payment.currency),
      refunded: formatMoney(payment.refunded, payment.currency),
      currency: payment.currency,
      discrepancy: payment.discrepancy,
      createdAt: toIsoTime(payment.createdAt),
    })),
    refunds: order.refunds.map((refund) => ({
      id: refund.id,
      paymentId: refund.paymentId,
      amount: formatMoney(refund.amount, refund.currency),
      currency: refund.currency,
      status: refund.status,
      cause: refund.cause,
      reason: refund.reason,
      claimUrl: refund.claimUrl,
      createdAt: toIsoTime(refund.createdAt),
    })),
    createdAt: toIsoTime(order.createdAt),
  };
}
