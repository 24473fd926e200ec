import type {
  CreditGrantNotificationData,
  FulfillmentNotificationData,
  WithdrawalNotificationData,
} from '../../../models/notifications/find-store-data';
import type { Recipient } from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
import { formatDate, formatLocalizedMoney } from '../../../lib/text/localized';
import type { Content } from './content';
import type { Links } from './links';
import { getTexts } from './texts';
import { describeTime } from './when';

const describeDate = (time: number, { locale, timezone }: Recipient): string =>
  formatDate(time, { locale, timeZone: timezone, style: 'long' });

export function composeCreditsGranted(data: CreditGrantNotificationData, links: Links): Content {
  const { recipient, expiresAt, reason } = data;
  const { creditsGranted: texts, actions, facts, reason: because } = getTexts(recipient.locale);
  const amount = formatLocalizedMoney(data.amount, data.currency, recipient.locale);
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(amount),
    paragraphs: [texts.body, ...(recipient.isVerified && reason ? [because(reason)] : [])],
    facts: [
      [facts.credits, amount],
      ...(expiresAt === null ? [] : [[facts.validUntil, describeDate(expiresAt, recipient)] as [string, string]]),
    ],
    action: { label: actions.showCredits, url: links.credits() },
  };
}

export function composeOrderFulfilled(data: FulfillmentNotificationData, links: Links): Content {
  const { recipient, orderId, orderNumber, items, carrier, trackingNumber, trackingUrl } = data;
  const { orderFulfilled: texts, orderPaid, actions, facts } = getTexts(recipient.locale);
  const optional = ([name, value]: [string, string | null]): [string, string][] =>
    value === null ? [] : [[name, value]];
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(orderNumber),
    paragraphs: [texts.body],
    facts: [
      [facts.order, orderNumber],
      [orderPaid.items, items.map(({ name, quantity }) => `${quantity} × ${name}`).join('\n')],
      ...optional([facts.carrier, carrier]),
      ...optional([facts.trackingNumber, trackingNumber]),
    ],
    action: trackingUrl
      ? { label: actions.trackParcel, url: trackingUrl }
      : { label: actions.showOrder, url: links.order(orderId) },
  };
}

function composeWithdrawal(
  data: WithdrawalNotificationData,
  said: Pick<Content, 'title' | 'paragraphs'>,
  links: Links,
): Content {
  const { recipient, orderId, orderNumber, items, refundAmount, currency, receivedAt } = data;
  const { orderPaid, actions, facts } = getTexts(recipient.locale);
  const { locale, timezone } = recipient;
  return {
    language: getLanguage(locale),
    ...said,
    facts: [
      [facts.order, orderNumber],
      [facts.received, describeTime(receivedAt, timezone, recipient)],
      [orderPaid.items, items.map(({ name, quantity }) => `${quantity} × ${name}`).join('\n')],
      [facts.refund, formatLocalizedMoney(refundAmount, currency, locale)],
    ],
    action: { label: actions.showOrder, url: links.order(orderId) },
  };
}

/** The receipt of a withdrawal. */
export function composeOrderWithdrawn(data: WithdrawalNotificationData, links: Links): Content {
  const { orderWithdrawn: texts } = getTexts(data.recipient.locale);
  const paragraphs = [texts.body, texts.refund];
  return composeWithdrawal(data, { title: texts.title(data.orderNumber), paragraphs }, links);
}

/** Tells a seller of a withdrawal; the items are theirs. */
export function composeWithdrawalReceived(data: WithdrawalNotificationData, links: Links): Content {
  const { withdrawalReceived: texts } = getTexts(data.recipient.locale);
  return composeWithdrawal(data, { title: texts.title(data.orderNumber), paragraphs: [texts.body] }, links);
}

/** Credits that end soon. */
export interface EndingCredits {
  amount: string;
  currency: string;
  /** When the first of them end, in milliseconds since the epoch. */
  firstAt: number;
  recipient: Recipient;
}

export function composeCreditsExpiring(data: EndingCredits, links: Links): Content {
  const { recipient, firstAt } = data;
  const { creditsExpiring: texts, actions, facts } = getTexts(recipient.locale);
  const amount = formatLocalizedMoney(data.amount, data.currency, recipient.locale);
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(amount),
    paragraphs: [texts.body],
    facts: [
      [facts.credits, amount],
      [facts.validUntil, describeDate(firstAt, recipient)],
    ],
    action: { label: actions.showCredits, url: links.credits() },
  };
}

/** Licenses that were issued together. */
export interface IssuedLicenses {
  licenses: { productName: string; key: string }[];
  /** How many more there are than are listed. */
  moreCount: number;
  orderNumber: string | null;
  recipient: Recipient;
}

export function composeLicensesIssued(
  { licenses, moreCount, orderNumber, recipient }: IssuedLicenses,
  links: Links,
): Content {
  const { licenseIssued: texts, actions, facts } = getTexts(recipient.locale);
  const names = [...new Set(licenses.map(({ productName }) => productName))];
  return {
    language: getLanguage(recipient.locale),
    title: texts.title(licenses.length + moreCount, names[0]!),
    paragraphs: [texts.body(licenses.length + moreCount), ...(moreCount > 0 ? [texts.more(moreCount)] : [])],
    facts: [
      ...licenses.map(({ productName, key }): [string, string] => [productName, key]),
      ...(orderNumber === null ? [] : [[facts.order, orderNumber] as [string, string]]),
    ],
    action: { label: actions.showLicenses, url: links.licenses() },
  };
}
