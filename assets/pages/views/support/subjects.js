import { get } from '../../lib/api.js';
import { useFormat, useTexts } from '../../lib/locale.js';

const MAX_EACH = 20;
const IDS = ['orderId', 'bookingId', 'eventId', 'licenseId'];

/** What a request for help can be about: the latest of what the user has. */
export async function loadSubjects() {
  const [orders, bookings, licenses] = await Promise.all(
    ['/api/orders', '/api/bookings', '/api/licenses'].map((path) => get(path, { limit: MAX_EACH })),
  );
  return { orders, bookings, licenses };
}

/** What the address of the page names, such as `orderId:5`; empty if it names nothing. */
export function readSubject() {
  const query = new URLSearchParams(location.search);
  const name = IDS.find((each) => /^[1-9]\d*$/.test(query.get(each) ?? ''));
  return name ? `${name}:${query.get(name)}` : '';
}

/** @param {string} subject @returns {Record<string, number>} */
export function toSubjectBody(subject) {
  const [name, id] = subject.split(':');
  return name && id ? { [name]: Number(id) } : {};
}

/** The options of a select, in the order of what people ask about most. @param {any} subjects @param {string} chosen @returns {[string, string][]} */
export function useSubjectOptions({ orders, bookings, licenses }, chosen) {
  const { support: texts } = useTexts();
  const { moment, day } = useFormat();
  const events = new Map(bookings.map((/** @type {any} */ { event }) => [event.id, event]));
  /** @type {[string, string][]} */
  const options = [
    ['', texts.nothingInParticular],
    ...orders.map((/** @type {any} */ { id, orderNumber, createdAt }) => [
      `orderId:${id}`,
      texts.subjects.order(orderNumber, moment(createdAt)),
    ]),
    ...bookings.map((/** @type {any} */ { id, reference, event }) => [
      `bookingId:${id}`,
      texts.subjects.booking(reference, event.title),
    ]),
    ...[...events.values()].map((/** @type {any} */ { id, title, startDate, timezone }) => [
      `eventId:${id}`,
      texts.subjects.event(title, day(startDate, timezone)),
    ]),
    ...licenses.map((/** @type {any} */ { id, product }) => [`licenseId:${id}`, texts.subjects.license(product.name)]),
  ];
  // What is older than the latest can be named by a link only.
  const isListed = options.some(([value]) => value === chosen);
  return isListed ? options : [...options, [chosen, texts.chosenSubject]];
}
