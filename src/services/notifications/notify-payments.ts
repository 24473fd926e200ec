import { database } from '../../database';
import { composePaymentFailed, composeRefundSent } from './mail/payments';
import type { PaymentNotificationData } from '../../models/notifications/notification-data';
import { findPaymentNotificationData, findRefundNotificationData } from '../../models/notifications/find-payment-data';
import { links, notify, type Sent } from './notify';
import type { LeasedMessage } from '../outbox/handle-messages';

const getReferences = ({ recipient, event, bookingId }: PaymentNotificationData) =>
  ({ recipient, preferenceKind: 'bookings', eventId: event.id, bookingId, organizer: event.organizer }) as const;

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
