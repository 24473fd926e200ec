import { formatMoney } from '../money';
import { eventFacts, tickets } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { PaymentNews, RefundNews } from './news';
import { describeTime } from './when';

const money = ({ amount, currency }: { amount: string; currency: string }): string =>
  `${formatMoney(amount, currency)} ${currency}`;

function orderFacts({ event, recipient, orderNumber, reference }: PaymentNews): Content['facts'] {
  return [...eventFacts(event, recipient), ['Order', orderNumber], ['Booking reference', reference]];
}

export function paymentFailed(news: PaymentNews, links: Links): Content {
  const { event, recipient, expiresAt, ticketsCount } = news;
  const until =
    expiresAt === null ? '' : ` until ${describeTime(expiresAt, event.timezone, recipient).split('\n', 1)[0]}`;
  return {
    title: `Your payment for ${event.title} has failed`,
    paragraphs: [
      `${money(news)} could not be taken, and nothing was. Your ${tickets(ticketsCount)} ${ticketsCount === 1 ? 'is' : 'are'} held for you${until}: please try again, or pay in another way.`,
    ],
    facts: orderFacts(news),
    action: { label: 'Pay now', url: links.order(news.orderId) },
  };
}

const WHY: Partial<Record<RefundNews['cause'], string>> = {
  cancellation: 'Your booking was cancelled.',
  unusable:
    'Your payment could not be used, or not all of it: it came too late, twice, or was not what the order costs.',
};

export function refundSent(news: RefundNews, links: Links): Content {
  const { cause, reason, claimUrl, orderId } = news;
  const how = claimUrl
    ? `${money(news)} are yours again. What was paid with can’t be sent back by itself: please say where it is to go.`
    : `${money(news)} are on their way back to what you paid with. That takes a few days with some banks.`;
  const why = WHY[cause] ?? (reason ? `Reason: ${reason}` : undefined);
  return {
    title: `Refund of ${money(news)} for ${news.event.title}`,
    paragraphs: why ? [how, why] : [how],
    facts: [['Refund', money(news)], ...orderFacts(news)],
    action: claimUrl
      ? { label: 'Fetch the money', url: claimUrl }
      : { label: 'Show the order', url: links.order(orderId) },
  };
}
