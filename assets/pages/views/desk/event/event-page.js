import { texts } from '#texts/desk-event.js';
import { getTagged } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Tag } from '../../../ui/parts.js';
import { Tabs } from '../../../ui/tabs.js';
import { DeskHead } from '../desk-head.js';
import { TONES } from '../events/event-list.js';
import { Lazy } from '../lazy.js';
import { LoadedPage } from '../loaded-page.js';
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

/** One event, in parts that have their own addresses. @param {{ params: Record<string, string>, session: TabProps['session'] }} props */
export function EventPage({ params: { id, part = 'overview' }, session }) {
  const { dayAndTime } = useFormat();
  const loaded = useLoad(() => getTagged(`/api/events/${id}`), [id]);
  const { reload } = loaded;
  const back = ['/admin/events', texts.list];
  const path = `/admin/events/${id}`;
  const known = /** @type {keyof typeof PARTS} */ (part in PARTS ? part : 'overview');
  const tabs = Object.entries(texts.tabs).map(([name, title]) => [
    name === 'overview' ? path : `${path}/${name}`,
    title,
  ]);
  const toPlace = (/** @type {EventDetail} */ { startDate, timezone, venueName }) =>
    [dayAndTime(startDate, timezone), venueName].filter(Boolean).join(' · ');
  return html`<${LoadedPage} from=${loaded} title=${texts.list} back=${back}>
    ${(/** @type {{ data: EventDetail, etag: string | undefined }} */ { data: event, etag }) =>
      html`<${DeskHead}
          title=${event.title}
          hint=${html`${toPlace(event)} <${Tag} tone=${TONES[event.status]}>${texts.statuses[event.status]}<//>`}
          back=${back}
        >
          <${EventActions} event=${event} isOpen=${isOpen(event)} reload=${reload} />
        <//>
        <${Tabs} label=${texts.parts} tabs=${tabs} />
        <${Lazy}
          key=${known}
          load=${PARTS[known]}
          event=${event}
          etag=${etag}
          session=${session}
          isOpen=${isOpen(event)}
          reload=${reload}
        />`}
  <//>`;
}
