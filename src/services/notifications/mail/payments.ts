import { formatLocalizedMoney } from '../../../lib/text/localized';
import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { PaymentNotificationData, RefundNotificationData } from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts } from './texts';
import { describeTime } from './when';

const formatAmount = ({ amount, currency, recipient }: PaymentNotificationData): string =>
  formatLocalizedMoney(amount, currency, recipient.locale);

function listOrderFacts({ event, recipient, orderNumber, reference }: PaymentNotificationData): Content['facts'] {
  const { facts: names } = getTexts(recipient.locale);
  return [...listEventFacts(event, recipient), [names.order, orderNumber], [names.reference, reference]];
}

export function composePaymentFailed(data: PaymentNotificationData, links: Links): Content {
  const { event, recipient, expiresAt, ticketsCount } = data;
  const { paymentFailed: texts, actions } = getTexts(recipient.locale);
  const until = expiresAt === null ? null : describeTime(expiresAt, event.timezone, recipient).split('\n', 1)[0]!;
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(event.title),
    paragraphs: [texts.body(formatAmount(data), ticketsCount, until)],
    facts: listOrderFacts(data),
    action: { label: actions.payNow, url: links.order(data.orderId) },
  };
}

export function composeRefundSent(data: RefundNotificationData, links: Links): Content {
  const { cause, reason, claimUrl, orderId, recipient } = data;
  const { refundSent: texts, reason: because, actions, facts: names } = getTexts(recipient.locale);
  const status = claimUrl ? texts.toBeClaimed(formatAmount(data)) : texts.sent(formatAmount(data));
  const isOurs = cause === 'cancellation' || cause === 'unusable';
  const why = isOurs ? texts[cause] : recipient.isVerified && reason && because(reason);
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(formatAmount(data), data.event.title),
    paragraphs: why ? [status, why] : [status],
    facts: [[names.refund, formatAmount(data)], ...listOrderFacts(data)],
    action: claimUrl
      ? { label: actions.claimRefund, url: claimUrl }
      : { label: actions.showOrder, url: links.order(orderId) },
  };
}
