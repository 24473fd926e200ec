import { texts } from '#texts/desk-admin.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { changeQuery, useLocation } from '../../../lib/location.js';
import { useLoad } from '../../../lib/use-load.js';
import { Field, readForm } from '../../../ui/field.js';
import { Table, Tag } from '../../../ui/parts.js';
import { Loaded } from '../../../ui/states.js';
import { DeskHead } from '../desk-head.js';

/** @typedef {import('#types').SearchHit} Hit */

/** @type {Record<Hit['kind'], (hit: Hit) => string>} */
const PATHS = {
  user: ({ id }) => `/admin/users/${id}`,
  booking: ({ id }) => `/admin/bookings/${id}`,
  order: ({ id }) => `/admin/orders/${id}`,
  ticket: ({ bookingId }) => `/admin/bookings/${bookingId}`,
  license: ({ userId }) => `/admin/users/${userId}/licenses`,
};

/** @param {{ hits: Hit[] }} props */
function Hits({ hits }) {
  return html`<div class="card">
    <${Table} caption=${texts.results} head=${[texts.kind, texts.found, texts.belongsTo, texts.status]}>
      ${hits.map(
        (hit) =>
          html`<tr key=${`${hit.kind} ${hit.id}`}>
            <td>${texts.kinds[hit.kind]}</td>
            <th scope="row"><a href=${PATHS[hit.kind](hit)}>${hit.title}</a></th>
            <td>${hit.detail ?? '–'}</td>
            <td><${Tag}>${texts.statuses[hit.status]}<//></td>
          </tr>`,
      )}
    <//>
  </div>`;
}

/** Finds what admins are asked about by what people name. */
export function Search() {
  const { q = '' } = useLocation().query;
  const loaded = useLoad(async () => (q ? get('/api/admin/search', { q }) : undefined), [q]);
  const submit = (/** @type {Event} */ event) => changeQuery({ q: readForm(event).q?.trim() });
  return html`<${DeskHead} title=${texts.searchTitle} />
    <form class="card row" role="search" onSubmit=${submit}>
      <${Field}
        class="grow"
        label=${texts.searchLabel}
        hint=${texts.searchHint}
        name="q"
        type="search"
        maxlength="200"
        autocomplete="off"
        defaultValue=${q}
        required
      />
      <button class="primary" type="submit">${texts.find}</button>
    </form>
    ${q && html`<${Loaded} from=${loaded} empty=${texts.nothingFound}>${(/** @type {Hit[]} */ hits) => html`<${Hits} hits=${hits} />`}<//>`}`;
}
