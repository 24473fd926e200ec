import type { CheckoutDraft } from '../../models/inventory/types';
import type { OrderDetailRow } from '../../models/orders/orders';
import { presentOrder } from './present-order';

/** Returns the row of an order that was just checked out. */
function toRow({ order, lines, customer, ...draft }: CheckoutDraft): OrderDetailRow {
  const { id, orderNumber, userId, status, total, currency, creditsApplied, expiresAt, hold, bookings, paidAt } = order;
  return {
    ...draft,
    id,
    orderNumber,
    userId,
    eventId: null,
    bookingId: null,
    status,
    customerName: customer.name,
    customerEmail: customer.email,
    total,
    creditsApplied,
    due: total,
    isTaxInclusive: Number(draft.addedTax) === 0,
    currency,
    paymentId: null,
    paidAt,
    isCheckout: true,
    organizerId: null,
    organizerName: null,
    eventTitle: null,
    invoice: null,
    bookingStatus: hold,
    expiresAt,
    bookings: bookings.map(({ id: bookingId, reference, eventId }) => ({ id: bookingId, reference, eventId })),
    sellerIds: [],
    items: lines.map((line, index) => ({
      ...line,
      id: index + 1,
      bookingId: line.booking && line.booking.id,
      refundedQuantity: 0,
      refundedAmount: '0',
    })),
    payments: [],
    refunds: [],
    fulfillments: [],
    seats: [],
  };
}

/** Returns an order that was just checked out as the API shows it. */
export const presentCheckout = (draft: CheckoutDraft) => presentOrder(toRow(draft));
