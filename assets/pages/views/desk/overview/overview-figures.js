import { texts } from '#texts/desk-overview.js';
import { html } from '../../../lib/html.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { Figure, Figures } from '../../../ui/figures.js';

/** @typedef {import('#types').Analytics} Analytics */

const NO_REVENUE = { gross: '0', refunded: '0', net: '0', tax: '0' };

/** @param {{ revenue: import('#types').Revenue[] }} figures @param {string} currency */
export const findRevenue = ({ revenue }, currency) => revenue.find((each) => each.currency === currency) ?? NO_REVENUE;

/** How a number compares with the time before, in words and not only by color. @param {{ now: number, then: number }} props */
function Compared({ now, then }) {
  const { change } = useNumbers();
  if (!then) return texts.nothingBefore;
  const difference = now / then - 1;
  const tone = difference === 0 ? '' : difference > 0 ? 'value good' : 'value bad';
  return html`<span class=${`compared ${tone}`}>${change(difference)}</span> ${texts.thanBefore}`;
}

/** @param {{ dashboard: import('#types').Dashboard, now: Analytics, then: Analytics['totals'], currency?: string }} props */
export function OverviewFigures({ dashboard: { users, capacity, today }, now: { totals }, then, currency }) {
  const { count, money, share } = useNumbers();
  const revenue = currency ? findRevenue(totals, currency) : NO_REVENUE;
  return html`<${Figures}>
    <${Figure}
      title=${texts.bookings}
      value=${count(totals.bookings)}
      hint=${html`<${Compared} now=${totals.bookings} then=${then.bookings} />`}
    />
    <${Figure}
      title=${texts.ticketsSold}
      value=${count(totals.tickets)}
      hint=${texts.ofThemToday(count(today.tickets))}
    />
    ${
      currency &&
      html`<${Figure}
        title=${texts.revenueIn(currency)}
        value=${money(revenue.net, currency, { maximumFractionDigits: 0 })}
        hint=${html`<${Compared} now=${Number(revenue.net)} then=${Number(findRevenue(then, currency).net)} />`}
      />`
    }
    <${Figure}
      title=${texts.cancellationRate}
      value=${share(totals.cancellationRate)}
      hint=${then.cancellationRate === null ? texts.nothingBefore : texts.rateBefore(share(then.cancellationRate))}
    />
    <${Figure}
      title=${texts.capacityUsed}
      value=${share(capacity.utilization)}
      hint=${texts.capacityHint(count(capacity.sold), count(capacity.capacity))}
    />
    <${Figure}
      title=${texts.peopleWhoBooked}
      value=${count(totals.activeUsers)}
      hint=${users ? texts.newAccounts(count(totals.newUsers), count(users.total)) : texts.eachOnce}
    />
  <//>`;
}
