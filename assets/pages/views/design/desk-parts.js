import { useState } from 'preact/hooks';
import { ApiError } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat } from '../../lib/locale.js';
import { ActionDialog } from '../../ui/action-dialog.js';
import { DataTable } from '../../ui/data-table.js';
import { Badge, Facts, Figure, Figures } from '../../ui/figures.js';
import { Form } from '../../ui/form.js';
import { Card, Tag } from '../../ui/parts.js';
import { Tabs } from '../../ui/tabs.js';
import { toast } from '../../ui/toast.js';

const SHOWS = [
  { id: 1, title: 'Night train', sold: 48, revenue: '1440.00' },
  { id: 2, title: 'Harbor lights', sold: 7, revenue: '210.00' },
];

/** Stands in for the API. @param {string} _path @param {Record<string, unknown>} query */
async function listShows(_path, { search, order }) {
  const data = SHOWS.filter(({ title }) => title.toLowerCase().includes(String(search ?? '').toLowerCase()));
  if (order === 'desc') data.reverse();
  return { data, pagination: { page: 1, pages: 1, total: data.length } };
}

function DataTables() {
  const { money, count } = useFormat();
  return html`<${Card} title="A table of the desk">
    <p>
      Its columns and filters are declared; page, sorting and filters are in the address. On a phone, rows become cards.
    </p>
    <${DataTable}
      caption="Shows"
      path="/api/shows"
      load=${listShows}
      filters=${[{ name: 'search', label: 'Search shows', type: 'search' }]}
      columns=${[
        { title: 'Show', sort: 'title', cell: (/** @type {any} */ { title }) => title },
        { title: 'Sold', isNumber: true, cell: (/** @type {any} */ { sold }) => count(sold) },
        { title: 'Revenue', isNumber: true, cell: (/** @type {any} */ { revenue }) => money(revenue, 'GBP') },
      ]}
      href=${(/** @type {any} */ { id }) => `/design?show=${id}`}
      actions=${() => html`<button type="button" class="small" onClick=${() => toast('Done.')}>Do</button>`}
      empty="There are no shows."
    />
  <//>`;
}

const FIELDS = [
  { name: 'title', label: 'Title', required: true },
  { name: 'startsAt', label: 'Start', type: 'datetime', timeZone: 'Europe/Berlin' },
  { name: 'seats', label: 'Seats', type: 'number', attributes: { min: 1 } },
  { name: 'price', label: 'Price in EUR', type: 'money', hint: 'The API refuses every price here.' },
  {
    name: 'status',
    label: 'Status',
    type: 'select',
    options: [
      ['draft', 'Draft'],
      ['published', 'Published'],
    ],
  },
  { name: 'description', label: 'Description', type: 'textarea' },
  { name: 'cover', label: 'Cover', type: 'file', attributes: { accept: 'image/*' } },
  { name: 'isPublic', label: 'Anybody can see it', type: 'checkbox' },
];

/** @param {any} body */
async function refusePrice({ price }) {
  const details = [{ path: 'price', message: '"price" is too high' }];
  if (price) throw new ApiError(400, { code: 'VALIDATION_ERROR', message: 'price is too high', details });
  throw new ApiError(412, { code: 'PRECONDITION_FAILED' });
}

function Forms() {
  return html`<${Card} title="A form of the desk">
    <p>Its fields are declared. What was typed stays if the API refuses it, and each refusal is at its field.</p>
    <${Form}
      fields=${FIELDS}
      values=${{ title: 'Night train', startsAt: '2030-05-01T17:00:00Z', price: '30.00', isPublic: true }}
      submit="Save"
      onSubmit=${refusePrice}
      onReload=${() => toast('Loaded again.')}
    />
  <//>`;
}

function Details() {
  const [isAsking, setAsking] = useState(false);
  return html`<${Card} title="Details and actions">
    <${Tabs}
      label="Parts of a show"
      tabs=${[
        ['/design', 'Sales'],
        ['/design?part=doors', html`Doors <${Badge} count=${3} label="3 waiting" />`],
      ]}
    />
    <${Figures}>
      <${Figure} title="Tickets sold" value="48" hint="of 60" />
      <${Figure} title="Refunds that failed" value="2" tone="bad" href="/design" />
    <//>
    <${Facts}
      facts=${[
        ['Title', 'Night train'],
        ['Status', html`<${Tag} tone="good">Published<//>`],
        ['Note', null],
      ]}
    />
    <button type="button" class="danger" onClick=${() => setAsking(true)}>Cancel the show</button>
    ${
      isAsking &&
      html`<${ActionDialog}
        title="Cancel the show?"
        text="This cannot be undone."
        action="Cancel the show"
        preview=${async () => ({ bookings: 12 })}
        showPreview=${(/** @type {any} */ { bookings }) => html`<p>${bookings} bookings are refunded.</p>`}
        run=${async () => undefined}
        onDone=${() => toast('Cancelled.')}
        onClose=${() => setAsking(false)}
      />`
    }
  <//>`;
}

/** What the sections of the desk are built from. */
export const DeskParts = () =>
  html`<h2>Parts of the desk</h2>
    <${DataTables} /><${Forms} /><${Details} />`;
