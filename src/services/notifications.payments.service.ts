import { database } from '../database';
import { paymentFailed, refundSent } from '../lib/mail/payments';
import type { PaymentNews } from '../lib/mail/news';
import { findPaymentNews, findRefundNews } from '../models/notifications.payments.model';
import { links, tell, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';

const about = ({ recipient, event, bookingId }: PaymentNews) =>
  ({ recipient, about: 'bookings', eventId: event.id, bookingId, organizer: event.organizer }) as const;

/** As long as there is something to be tried again. */
export async function tellPaymentFailed(message: LeasedMessage<'payment.failed'>): Promise<Sent> {
  const news = await findPaymentNews(database, message.payload.paymentId);
  if (news?.status !== 'failed' || news.bookingStatus !== 'pending') return undefined;
  return tell(message, { ...about(news), kind: 'payment.failed', content: paymentFailed(news, links) });
}

export async function tellRefundSent(message: LeasedMessage<'refund.sent'>): Promise<Sent> {
  const news = await findRefundNews(database, message.payload.refundId);
  if (!news || news.status === 'failed') return undefined;
  return tell(message, { ...about(news), kind: 'refund.sent', content: refundSent(news, links) });
}
