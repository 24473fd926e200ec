import { database } from '../../database';
import { composeOrderExpired, composeOrderPaid, composePaymentFailed, composeRefundSent } from './mail/payments';
import type { OrderNotificationData, PaymentNotificationData } from '../../models/notifications/notification-data';
import {
  findOrderNotificationData,
  findPaymentNotificationData,
  findRefundNotificationData,
} from '../../models/notifications/find-payment-data';
import { links, notify, type Sent } from './notify';
import type { LeasedMessage } from '../outbox/handle-messages';

const getReferences = ({ recipient, event, bookingId }: PaymentNotificationData) =>
  ({
    recipient,
    preferenceKind: 'bookings',
    eventId: event?.id ?? null,
    bookingId,
    organizer: event?.organizer,
  }) as const;

/** Notifies a customer of a failed payment, as long as it can be tried again. */
export async function notifyPaymentFailed(message: LeasedMessage<'payment.failed'>): Promise<Sent> {
  const data = await findPaymentNotificationData(database, message.payload.paymentId);
  if (data?.status !== 'failed' || data.bookingStatus !== 'pending') return undefined;
  return notify(message, {
    ...getReferences(data),
    kind: 'payment.failed',
    content: composePaymentFailed(data, links),
  });
}

export async function notifyRefundSent(message: LeasedMessage<'refund.sent'>): Promise<Sent> {
  const data = await findRefundNotificationData(database, message.payload.refundId);
  if (!data || data.status === 'failed') return undefined;
  return notify(message, { ...getReferences(data), kind: 'refund.sent', content: composeRefundSent(data, links) });
}

const getOrderReferences = ({ recipient }: OrderNotificationData) =>
  ({ recipient, preferenceKind: 'bookings', eventId: null, bookingId: null }) as const;

/** Confirms a paid order that a checkout made; tickets follow in mails of their own. */
export async function notifyOrderPaid(message: LeasedMessage<'order.paid'>): Promise<Sent> {
  const data = await findOrderNotificationData(database, message.payload.orderId);
  if (!data?.isPaid) return undefined;
  const content = composeOrderPaid(data, links);
  return notify(message, { ...getOrderReferences(data), kind: 'order.paid', content });
}

/** Tells a customer that an order of goods was not paid in time. */
export async function notifyOrderExpired(message: LeasedMessage<'order.expired'>): Promise<Sent> {
  const data = await findOrderNotificationData(database, message.payload.orderId);
  // A late payment may have bought everything by now.
  if (!data || data.isPaid) return undefined;
  const content = composeOrderExpired(data, links);
  return notify(message, { ...getOrderReferences(data), kind: 'order.expired', content });
}
