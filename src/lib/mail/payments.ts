import { localizedMoney } from '../localized';
import { eventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { PaymentNews, RefundNews } from './news';
import { languageOf, textsFor } from './texts';
import { describeTime } from './when';

const money = ({ amount, currency, recipient }: PaymentNews): string =>
  localizedMoney(amount, currency, recipient.locale);

function orderFacts({ event, recipient, orderNumber, reference }: PaymentNews): Content['facts'] {
  const { facts: names } = textsFor(recipient.locale);
  return [...eventFacts(event, recipient), [names.order, orderNumber], [names.reference, reference]];
}

export function paymentFailed(news: PaymentNews, links: Links): Content {
  const { event, recipient, expiresAt, ticketsCount } = news;
  const { paymentFailed: texts, actions } = textsFor(recipient.locale);
  const until = expiresAt === null ? null : describeTime(expiresAt, event.timezone, recipient).split('\n', 1)[0]!;
  return {
    language: languageOf(recipient.locale),
    title: texts.title(event.title),
    paragraphs: [texts.body(money(news), ticketsCount, until)],
    facts: orderFacts(news),
    action: { label: actions.payNow, url: links.order(news.orderId) },
  };
}

export function refundSent(news: RefundNews, links: Links): Content {
  const { cause, reason, claimUrl, orderId, recipient } = news;
  const { refundSent: texts, reason: because, actions, facts: names } = textsFor(recipient.locale);
  const how = claimUrl ? texts.toBeFetched(money(news)) : texts.sent(money(news));
  const isOurs = cause === 'cancellation' || cause === 'unusable';
  const why = isOurs ? texts[cause] : recipient.isVerified && reason && because(reason);
  return {
    language: languageOf(recipient.locale),
    title: texts.title(money(news), news.event.title),
    paragraphs: why ? [how, why] : [how],
    facts: [[names.refund, money(news)], ...orderFacts(news)],
    action: claimUrl
      ? { label: actions.fetchMoney, url: claimUrl }
      : { label: actions.showOrder, url: links.order(orderId) },
  };
}
