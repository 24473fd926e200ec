import { formatLocalizedMoney } from '../localized';
import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { PaymentNotificationData, RefundNotificationData } from './news';
import { getLanguage, getTexts } from './texts';
import { describeTime } from './when';

const formatAmount = ({ amount, currency, recipient }: PaymentNotificationData): string =>
  formatLocalizedMoney(amount, currency, recipient.locale);

function listOrderFacts({ event, recipient, orderNumber, reference }: PaymentNotificationData): Content['facts'] {
  const { facts: names } = getTexts(recipient.locale);
  return [...listEventFacts(event, recipient), [names.order, orderNumber], [names.reference, reference]];
}

export function composePaymentFailed(news: PaymentNotificationData, links: Links): Content {
  const { event, recipient, expiresAt, ticketsCount } = news;
  const { paymentFailed: texts, actions } = getTexts(recipient.locale);
  const until = expiresAt === null ? null : describeTime(expiresAt, event.timezone, recipient).split('\n', 1)[0]!;
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(event.title),
    paragraphs: [texts.body(formatAmount(news), ticketsCount, until)],
    facts: listOrderFacts(news),
    action: { label: actions.payNow, url: links.order(news.orderId) },
  };
}

export function composeRefundSent(news: RefundNotificationData, links: Links): Content {
  const { cause, reason, claimUrl, orderId, recipient } = news;
  const { refundSent: texts, reason: because, actions, facts: names } = getTexts(recipient.locale);
  const how = claimUrl ? texts.toBeFetched(formatAmount(news)) : texts.sent(formatAmount(news));
  const isOurs = cause === 'cancellation' || cause === 'unusable';
  const why = isOurs ? texts[cause] : recipient.isVerified && reason && because(reason);
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(formatAmount(news), news.event.title),
    paragraphs: why ? [how, why] : [how],
    facts: [[names.refund, formatAmount(news)], ...listOrderFacts(news)],
    action: claimUrl
      ? { label: actions.fetchMoney, url: claimUrl }
      : { label: actions.showOrder, url: links.order(orderId) },
  };
}
