import { texts } from '#texts/desk-overview.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { changeQuery, useLocation } from '../../../lib/location.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { usePolled } from '../../../lib/use-polled.js';
import { Field, Select } from '../../../ui/field.js';
import { Polled } from '../../../ui/polled.js';
import { DeskHead } from '../desk-head.js';
import { SystemCard } from '../health/system-card.js';
import { BookingsCard, CapacityCard, EventsCard, PopularCard, RateCard, RevenueCard } from './cards.js';
import { OverviewFigures } from './overview-figures.js';
import { RANGES, readRange } from './range.js';
import { Reports } from './reports.js';

/** @typedef {import('#types').Analytics} Analytics */
/** @typedef {{ dashboard: import('#types').Dashboard, now: Analytics, then: Analytics['totals'] }} Loaded */

const AGAIN_MS = 30_000;

/** @param {string} base @param {ReturnType<typeof readRange>} range */
async function load(base, { timezone, unit, from, to, before }) {
  const [dashboard, now, then] = await Promise.all([
    get(`${base}/dashboard`, { timezone }),
    get(`${base}/analytics`, { timezone, groupBy: unit, from, to }),
    get(`${base}/analytics`, { timezone, groupBy: 'month', ...before }),
  ]);
  return /** @type {Loaded} */ ({ dashboard, now, then: then.totals });
}

/** The currencies of the figures, those in which money came in most often first: amounts in several currencies can't be compared. @param {import('#types').Analytics} now */
function listCurrencies({ totals, periods }) {
  const countPeriods = (/** @type {string} */ currency) =>
    periods.filter(({ revenue }) => revenue.some((each) => each.currency === currency && Number(each.gross) > 0))
      .length;
  const names = totals.revenue.map(({ currency }) => currency);
  return names.sort((a, b) => countPeriods(b) - countPeriods(a) || a.localeCompare(b));
}

/** @param {{ range: ReturnType<typeof readRange>, currency?: string, currencies: string[] }} props */
function Tools({ range, currency, currencies }) {
  const change =
    (/** @type {string} */ name) =>
    (/** @type {any} */ { target }) =>
      changeQuery({ [name]: target.value }, { isReplacing: true });
  const chooseRange = (/** @type {any} */ { target }) =>
    changeQuery(
      target.value === 'custom' ? { range: 'custom', ...range.days } : { range: target.value, from: '', to: '' },
      { isReplacing: true },
    );
  const ranges = [...RANGES.map(({ name }) => name), 'custom'];
  return html`<${Select}
      name="range"
      label=${texts.time}
      value=${range.name}
      options=${ranges.map((name) => [name, texts.ranges[/** @type {keyof typeof texts.ranges} */ (name)]])}
      onChange=${chooseRange}
    />
    ${
      range.name === 'custom' &&
      html`<${Field} type="date" name="from" label=${texts.from} value=${range.days.from} onChange=${change('from')} />
        <${Field} type="date" name="to" label=${texts.to} value=${range.days.to} onChange=${change('to')} />`
    }
    ${
      currencies.length > 1 &&
      html`<${Select}
        name="currency"
        label=${texts.currency}
        value=${currency}
        options=${currencies.map((name) => [name, name])}
        onChange=${change('currency')}
      />`
    }`;
}

/** How things go: for admins of everything, for organizers of their own events. @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function Overview({ session }) {
  const { query } = useLocation();
  const { clock } = useNumbers();
  const isAdmin = session.user.role === 'admin';
  const base = isAdmin ? '/api/admin' : '/api/organizers/me';
  const range = readRange(query);
  const polled = usePolled(() => load(base, readRange(query)), [range.name, query.from, query.to], AGAIN_MS);
  const { data } = polled;
  const currencies = data ? listCurrencies(data.now) : [];
  const currency = query.currency && currencies.includes(query.currency) ? query.currency : currencies[0];
  const hint =
    data && texts.days(range.timezone.replaceAll('_', ' '), data.now.countedUntil && clock(data.now.countedUntil));
  return html`<${DeskHead} title=${isAdmin ? texts.title : texts.ownTitle} hint=${hint}>
      <${Tools} range=${range} currency=${currency} currencies=${currencies} />
    <//>
    <${Polled} from=${polled}>
      ${(/** @type {Loaded} */ { dashboard, now, then }) =>
        html`<${OverviewFigures} dashboard=${dashboard} now=${now} then=${then} currency=${currency} />
          <div class="grid">
            <${BookingsCard} now=${now} />
            <${PopularCard} now=${now} />
            <${RevenueCard} now=${now} currency=${currency} />
            <${RateCard} now=${now} />
            <${CapacityCard} dashboard=${dashboard} />
            <${EventsCard} dashboard=${dashboard} />
            ${dashboard.system && html`<${SystemCard} system=${dashboard.system} />`}
            ${isAdmin && html`<${Reports} range=${range} />`}
          </div>`}
    <//>`;
}
