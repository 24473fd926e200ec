import { formatLocalizedMoney } from '../../../lib/text/localized';
import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type {
  OrderNotificationData,
  PaymentNotificationData,
  RefundNotificationData,
} from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts } from './texts';
import { describeTime } from './when';

const formatAmount = ({ amount, currency, recipient }: PaymentNotificationData): string =>
  formatLocalizedMoney(amount, currency, recipient.locale);

function listOrderFacts({ event, recipient, orderNumber, reference }: PaymentNotificationData): Content['facts'] {
  const { facts: names } = getTexts(recipient.locale);
  const facts: Content['facts'] = [...(event ? listEventFacts(event, recipient) : []), [names.order, orderNumber]];
  return reference === null ? facts : [...facts, [names.reference, reference]];
}

/** Returns what was paid for: the event, or the order. */
const getSubject = ({ event, orderNumber, recipient }: PaymentNotificationData): string =>
  event?.title ?? getTexts(recipient.locale).orderPaid.order(orderNumber);

export function composePaymentFailed(data: PaymentNotificationData, links: Links): Content {
  const { event, recipient, expiresAt, ticketsCount } = data;
  const { paymentFailed: texts, actions } = getTexts(recipient.locale);
  const timezone = event?.timezone ?? recipient.timezone;
  const until = expiresAt === null ? null : describeTime(expiresAt, timezone, recipient).split('\n', 1)[0]!;
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(getSubject(data)),
    paragraphs: [
      ticketsCount === null
        ? texts.bodyOfOrder(formatAmount(data), until)
        : texts.body(formatAmount(data), ticketsCount, until),
    ],
    facts: listOrderFacts(data),
    action: { label: actions.payNow, url: links.order(data.orderId) },
  };
}

/** Says where the money is. */
function describeRefund(data: RefundNotificationData): string {
  const { refundSent: texts } = getTexts(data.recipient.locale);
  if (data.isToCredits) return texts.toCredits(formatAmount(data));
  return data.claimUrl ? texts.toBeClaimed(formatAmount(data)) : texts.sent(formatAmount(data));
}

export function composeRefundSent(data: RefundNotificationData, links: Links): Content {
  const { cause, reason, claimUrl, isToCredits, orderId, recipient } = data;
  const { refundSent: texts, reason: because, actions, facts: names } = getTexts(recipient.locale);
  const isOurs = cause === 'cancellation' || cause === 'unusable';
  const why = isOurs ? texts[cause] : recipient.isVerified && reason && because(reason);
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(formatAmount(data), getSubject(data)),
    paragraphs: why ? [describeRefund(data), why] : [describeRefund(data)],
    facts: [[names.refund, formatAmount(data)], ...listOrderFacts(data)],
    action: claimUrl
      ? { label: actions.claimRefund, url: claimUrl }
      : isToCredits
        ? { label: actions.showCredits, url: links.credits() }
        : { label: actions.showOrder, url: links.order(orderId) },
  };
}

/** Returns a mail about an order that a checkout made, with what is in it. */
function composeOrderMail(
  data: OrderNotificationData,
  said: Pick<Content, 'title' | 'paragraphs'>,
  links: Links,
): Content {
  const { recipient, orderNumber, orderId, items, currency } = data;
  const { orderPaid, actions, facts: names } = getTexts(recipient.locale);
  const total = formatLocalizedMoney(data.total, currency, recipient.locale);
  const lines = items.filter(({ kind }) => kind !== 'shipping').map(({ name, quantity }) => `${quantity} × ${name}`);
  return {
    language: getLanguage(recipient.locale),
    ...said,
    facts: [
      [names.order, orderNumber],
      [orderPaid.items, lines.join('\n')],
      [names.total, Number(data.total) === 0 ? names.free : total],
    ],
    action: { label: actions.showOrder, url: links.order(orderId) },
  };
}

export function composeOrderPaid(data: OrderNotificationData, links: Links): Content {
  const { orderPaid: texts } = getTexts(data.recipient.locale);
  return composeOrderMail(data, { title: texts.title(data.orderNumber), paragraphs: [texts.body] }, links);
}

export function composeOrderExpired(data: OrderNotificationData, links: Links): Content {
  const { orderExpired: texts } = getTexts(data.recipient.locale);
  return composeOrderMail(data, { title: texts.title(data.orderNumber), paragraphs: [texts.body] }, links);
}
