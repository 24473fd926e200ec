import { texts } from '#texts/desk-support.js';
import { put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Facts } from '../../../ui/figures.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { toast } from '../../../ui/toast.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').SupportTicket} SupportTicket */
/** @typedef {import('#types').SupportStaff} SupportStaff */
/** @typedef {import('../../../lib/use-session.js').Session} Session */

/** Links to what a request is about. @param {SupportTicket} ticket @param {string} role */
function describeSubject({ orderId, eventId, bookingId, licenseId }, role) {
  if (orderId !== null) return html`<a href=${`/admin/orders/${orderId}`}>${texts.aboutOrder} ${orderId}</a>`;
  if (eventId !== null) return html`<a href=${`/admin/events/${eventId}`}>${texts.aboutEvent} ${eventId}</a>`;
  if (bookingId !== null) return texts.aboutBooking(bookingId);
  if (licenseId === null) return null;
  return role === 'admin'
    ? html`<a href="/admin/licenses">${texts.aboutLicense(licenseId)}</a>`
    : texts.aboutLicense(licenseId);
}

/** @param {{ ticket: SupportTicket, session: Session }} props */
function About({ ticket, session }) {
  const { moment } = useFormat();
  const { user, createdAt, firstResponseDueAt, breachedAt, closedAt, rating, messages } = ticket;
  const isAnswered = messages.some(({ author }) => author.isStaff);
  return html`<${Card} title=${texts.about}>
    <${Facts}
      facts=${[
        [texts.customer, getName(user, texts.unnamed)],
        [texts.about, describeSubject(ticket, session.user.role)],
        [texts.opened, moment(createdAt)],
        [texts.firstResponse, isAnswered ? null : moment(firstResponseDueAt)],
        [texts.late, breachedAt && texts.answeredLate(moment(breachedAt))],
        [texts.closedAt, closedAt && moment(closedAt)],
        [texts.rating, rating && [texts.score(rating.score), rating.comment].filter(Boolean).join(': ')],
      ]}
    />
  <//>`;
}

/** @param {SupportStaff[]} staff @param {Session} session @returns {[string, string][]} */
const toAssignees = (staff, { user }) => [
  ['', texts.nobody],
  ...staff.map(
    ({ id, ...person }) =>
      /** @type {[string, string]} */ ([
        String(id),
        id === user.id ? texts.me : getName(person, `${texts.staff} ${id}`),
      ]),
  ),
];

/** Status, priority and whose task it is. @param {{ ticket: SupportTicket, staff: SupportStaff[], reload: () => Promise<void>, session: Session }} props */
export function Handling({ ticket, staff, reload, session }) {
  const statuses = Object.entries(texts.statuses).filter(
    ([status]) => ticket.mergedIntoId === null || status === 'closed',
  );
  /** @type {import('../../../lib/form-values.js').FormFieldType[]} */
  const fields = [
    { name: 'status', label: texts.status, type: 'select', options: statuses },
    { name: 'priority', label: texts.priority, type: 'select', options: Object.entries(texts.priorities) },
    { name: 'assigneeId', label: texts.assignee, type: 'select', isId: true, options: toAssignees(staff, session) },
    { name: 'category', label: texts.category, attributes: { maxlength: 50 } },
    { name: 'tags', label: texts.tags, type: 'list', hint: texts.tagsHint },
  ];
  const save = async (/** @type {object} */ _all, /** @type {object} */ changed) => {
    if (Object.keys(changed).length > 0) await put(`/api/support/tickets/${ticket.id}`, changed);
    await reload();
    toast(texts.saved);
  };
  return html`<div class="part">
    <${About} ticket=${ticket} session=${session} />
    <${Card} title=${texts.manage}>
      <${Form} fields=${fields} values=${ticket} submit=${texts.save} onSubmit=${save} />
    <//>
  </div>`;
}
