import { useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-attendees.js';
import { put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { TextArea } from '../../../ui/field.js';
import { toast } from '../../../ui/toast.js';
import { useBookingColumns } from '../bookings/booking-columns.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').AdminBooking} Booking */

const texts = areas.bookings;

/** @param {{ booking: Booking, onDone: () => Promise<void> }} props */
function CancelButton({ booking: { id, reference, status }, onDone }) {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  if (status !== 'pending' && status !== 'confirmed') return null;
  return html`<button type="button" class="small danger" onClick=${() => setAsking(true)}>
      ${texts.cancel}<span class="unseen"> ${reference}</span>
    </button>
    ${
      isAsking &&
      html`<${ActionDialog}
        title=${texts.cancelTitle(reference)}
        text=${texts.cancelText}
        action=${texts.cancel}
        run=${() => put(`/api/bookings/${id}/cancel`, reason.trim() ? { reason: reason.trim() } : {})}
        onDone=${() => {
          toast(texts.cancelled(reference));
          void onDone();
        }}
        onClose=${() => setAsking(false)}
      >
        <${TextArea}
          name="reason"
          label=${texts.reason}
          maxlength="500"
          value=${reason}
          onInput=${(/** @type {any} */ { target }) => setReason(target.value)}
        />
      <//>`
    }`;
}

/** The bookings of an event, those that are free included. @param {import('./event-page.js').TabProps} props */
export function BookingsTab({ event }) {
  const columns = useBookingColumns([
    { title: texts.customer, cell: (/** @type {Booking} */ { user }) => getName(user) },
    { title: texts.email, cell: (/** @type {Booking} */ { user }) => user.email },
  ]);
  return html`<${DataTable}
    caption=${texts.title}
    path=${`/api/events/${event.id}/bookings`}
    columns=${columns}
    filters=${[
      { name: 'search', label: texts.search, type: 'search' },
      { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
    ]}
    empty=${texts.empty}
    actions=${(/** @type {Booking} */ booking, /** @type {() => Promise<void>} */ reload) =>
      html`<${CancelButton} booking=${booking} onDone=${reload} />`}
  />`;
}
