import Big from 'big.js';
import { getDecimals, formatMoney } from '../../lib/money/money';
import { formatInvoiceNumber } from '../../lib/money/invoice';
import type { OrderDetailRow, OrderItemRow } from '../../models/orders/orders';
import { toIsoTime, toIsoTimeOrNull } from '../bookings/present-booking';

/** Returns the total of an order item, including tax. */
export function formatItemTotal(
  { quantity, unitPrice, discount, tax, total }: Omit<OrderItemRow, 'refundedQuantity' | 'refundedAmount'>,
  order: Pick<OrderDetailRow, 'isTaxInclusive' | 'currency'>,
): string {
  if (total !== null) return formatMoney(total, order.currency);
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
    bookings: order.bookings.map((booking) => ({
      id: booking.id,
      reference: booking.reference,
      eventId: booking.eventId,
    })),
    status,
    fulfillmentStatus: order.fulfillmentStatus,
    customer: { name: order.customerName, email: order.customerEmail },
    billingAddress: order.billingAddress,
    shippingAddress: order.shippingAddress,
    note: order.note,
    subtotal: money(order.subtotal),
    discount: money(order.discount),
    shippingTotal: money(order.shippingTotal),
    taxRate: order.taxRate === null ? null : Number(order.taxRate),
    taxInclusive: isTaxInclusive,
    tax: money(order.tax),
    total: money(order.total),
    creditsApplied: money(order.creditsApplied),
    currency,
    expiresAt: order.bookingStatus === 'pending' ? toIsoTimeOrNull(order.expiresAt) : null,
    items: order.items.map((item) => ({
      id: item.id,
      kind: item.kind,
      productId: item.productId,
      ticketTypeId: item.ticketTypeId,
      sku: item.sku,
      name: item.name,
      productType: item.productType,
      quantity: item.quantity,
      unitPrice: money(item.unitPrice),
      discount: money(item.discount),
      tax: money(item.tax),
      total: formatItemTotal(item, order),
      sellerId: item.sellerId ?? (item.kind === 'ticket' ? order.organizerId : null),
      refundedQuantity: item.refundedQuantity,
      refundedAmount: money(item.refundedAmount),
    })),
    fulfillments: order.fulfillments.map(({ createdAt, ...fulfillment }) => ({
      ...fulfillment,
      createdAt: toIsoTime(createdAt),
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
      to: refund.isToCredits ? ('credits' as const) : ('origin' as const),
      reason: refund.reason,
      claimUrl: refund.claimUrl,
      createdAt: toIsoTime(refund.createdAt),
    })),
    createdAt: toIsoTime(order.createdAt),
  };
}
