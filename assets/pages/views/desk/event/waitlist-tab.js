import { texts as areas } from '#texts/desk-attendees.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').EventWaitlistEntry} Entry */

const texts = areas.waitlist;

/** @type {Record<Entry['status'], 'good' | 'warn' | 'calm'>} */
const TONES = { waiting: 'calm', offered: 'warn', claimed: 'good', expired: 'calm', left: 'calm' };

/** Who waits, in order, and who has an offer. @param {import('./event-page.js').TabProps} props */
export function WaitlistTab({ event }) {
  const { count, moment } = useFormat();
  const typeNames = new Map(event.ticketTypes.map(({ id, name }) => [id, name]));
  const columns = [
    { title: texts.name, cell: (/** @type {Entry} */ { user }) => getName(user) },
    { title: texts.email, cell: (/** @type {Entry} */ { user }) => user.email },
    {
      title: texts.position,
      isNumber: true,
      cell: (/** @type {Entry} */ { position }) => position && count(position),
    },
    {
      title: texts.tickets,
      cell: (/** @type {Entry} */ { ticketsCount, acceptFewer, ticketTypeId }) =>
        [
          acceptFewer && ticketsCount > 1 ? texts.orFewer(count(ticketsCount)) : count(ticketsCount),
          ticketTypeId && typeNames.get(ticketTypeId),
        ]
          .filter(Boolean)
          .join(' · '),
    },
    {
      title: texts.status,
      cell: (/** @type {Entry} */ { status }) => html`<${Tag} tone=${TONES[status]}>${texts.statuses[status]}<//>`,
    },
    { title: texts.joined, cell: (/** @type {Entry} */ { joinedAt }) => moment(joinedAt) },
    {
      title: texts.offer,
      cell: (/** @type {Entry} */ { offeredCount, offerExpiresAt }) =>
        offerExpiresAt && texts.offered(count(offeredCount), moment(offerExpiresAt)),
    },
  ];
  return html`<${DataTable}
    caption=${texts.title}
    path=${`/api/events/${event.id}/waitlist`}
    columns=${columns}
    filters=${[{ name: 'status', label: texts.status, all: texts.open, options: Object.entries(texts.statuses) }]}
    empty=${texts.empty}
  />`;
}
