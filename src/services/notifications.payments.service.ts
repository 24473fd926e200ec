import { database } from '../database';
import { composePaymentFailed, composeRefundSent } from '../lib/mail/payments';
import type { PaymentNotificationData } from '../lib/mail/news';
import { findPaymentNotificationData, findRefundNotificationData } from '../models/notifications.payments.model';
import { links, notify, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';

const getReferences = ({ recipient, event, bookingId }: PaymentNotificationData) =>
  ({ recipient, about: 'bookings', eventId: event.id, bookingId, organizer: event.organizer }) as const;

/** As long as there is something to be tried again. */
export async function notifyPaymentFailed(message: LeasedMessage<'payment.failed'>): Promise<Sent> {
  const news = await findPaymentNotificationData(database, message.payload.paymentId);
  if (news?.status !== 'failed' || news.bookingStatus !== 'pending') return undefined;
  return notify(message, {
    ...getReferences(news),
    kind: 'payment.failed',
    content: composePaymentFailed(news, links),
  });
}

export async function notifyRefundSent(message: LeasedMessage<'refund.sent'>): Promise<Sent> {
  const news = await findRefundNotificationData(database, message.payload.refundId);
  if (!news || news.status === 'failed') return undefined;
  return notify(message, { ...getReferences(news), kind: 'refund.sent', content: composeRefundSent(news, links) });
}
