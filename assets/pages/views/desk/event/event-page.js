import { useMemo } from 'preact/hooks';
import { texts } from '#texts/desk-event.js';
import { getTagged } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Tag } from '../../../ui/parts.js';
import { Failure, Loading } from '../../../ui/states.js';
import { Tabs } from '../../../ui/tabs.js';
import { DeskHead } from '../desk-head.js';
import { TONES } from '../events/event-list.js';
import { EventActions } from './event-actions.js';

/** @typedef {import('#types').EventDetail} EventDetail */

/**
 * @typedef {object} TabProps
 * @property {EventDetail} event
 * @property {string} [etag] of the event
 * @property {import('../../../lib/use-session.js').Session} session
 * @property {boolean} isOpen whether the event can still be changed
 * @property {() => Promise<void>} reload loads the event again
 */

/** @type {Record<keyof typeof texts.tabs, () => Promise<any>>} */
const PARTS = {
  overview: async () => (await import('../events/event-sales.js')).EventSales,
  attendees: async () => (await import('./attendees-tab.js')).AttendeesTab,
  door: async () => (await import('./door-tab.js')).DoorTab,
  bookings: async () => (await import('./bookings-tab.js')).BookingsTab,
  orders: async () => (await import('./orders-tab.js')).OrdersTab,
  waitlist: async () => (await import('./waitlist-tab.js')).WaitlistTab,
  messages: async () => (await import('./messages-tab.js')).MessagesTab,
  tickets: async () => (await import('./ticket-types-tab.js')).TicketTypesTab,
  seats: async () => (await import('./seats-tab.js')).SeatsTab,
  discounts: async () => (await import('./discounts-tab.js')).DiscountsTab,
  settings: async () => (await import('./settings-tab.js')).SettingsTab,
};

/** @param {EventDetail} event */
const isOpen = ({ status, endDate }) =>
  status === 'draft' || (status === 'published' && Date.parse(endDate) > Date.now());

/** Loads the module of a part of the page. @param {TabProps & { part: keyof typeof PARTS }} props */
function Part({ part, ...props }) {
  const load = useMemo(() => PARTS[part], [part]);
  const { data, error, reload } = useLoad(async () => ({ Tab: await load() }), [load]);
  if (error)
    return html`<${Failure} error=${Object.assign(error, { code: error.code ?? 'OFFLINE' })} retry=${reload} />`;
  if (!data) return html`<${Loading} />`;
  return html`<${data.Tab} ...${props} />`;
}

/** One event, in parts that have their own addresses. @param {{ params: Record<string, string>, session: TabProps['session'] }} props */
export function EventPage({ params: { id, part = 'overview' }, session }) {
  const { dayAndTime } = useFormat();
  const loaded = useLoad(() => getTagged(`/api/events/${id}`), [id]);
  const { reload } = loaded;
  /** @type {EventDetail | undefined} */
  const event = loaded.data?.data;
  const back = ['/admin/events', texts.list];
  if (!event)
    return html`<${DeskHead} title=${texts.list} back=${back} />
      ${loaded.error ? html`<${Failure} error=${loaded.error} retry=${reload} />` : html`<${Loading} />`}`;
  const path = `/admin/events/${id}`;
  const known = /** @type {keyof typeof PARTS} */ (part in PARTS ? part : 'overview');
  const place = [dayAndTime(event.startDate, event.timezone), event.venueName].filter(Boolean).join(' · ');
  const tabs = Object.entries(texts.tabs).map(([name, title]) => [
    name === 'overview' ? path : `${path}/${name}`,
    title,
  ]);
  return html`<${DeskHead}
      title=${event.title}
      hint=${html`${place} <${Tag} tone=${TONES[event.status]}>${texts.statuses[event.status]}<//>`}
      back=${back}
    >
      <${EventActions} event=${event} isOpen=${isOpen(event)} reload=${reload} />
    <//>
    <${Tabs} label=${texts.parts} tabs=${tabs} />
    <${Part}
      key=${known}
      part=${known}
      event=${event}
      etag=${loaded.data?.etag}
      session=${session}
      isOpen=${isOpen(event)}
      reload=${reload}
    />`;
}
