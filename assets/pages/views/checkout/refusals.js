// Where a refusal of the checkout is shown: where the customer can mend it.
import { get } from '../../lib/api.js';
import { describeCartError } from '../cart/cart-problem.js';

/**
 * @typedef {object} Refusal
 * @property {'lines' | 'shipping' | 'billing' | 'option' | 'credits' | 'code' | 'payment' | 'note' | 'verify' | 'all'} place
 * @property {string} message
 * @property {Record<number, string>} lines what is said at lines of the cart, by their ids
 * @property {Record<string, string>} fields what is said at fields, by their paths
 */

const PLACES = /** @type {Record<string, Refusal['place']>} */ ({
  EMPTY_CART: 'lines',
  CURRENCY_MISMATCH: 'lines',
  OUT_OF_STOCK: 'lines',
  QUANTITY_LIMIT: 'lines',
  SOLD_OUT: 'lines',
  SEAT_TAKEN: 'lines',
  SALES_CLOSED: 'lines',
  EVENT_NOT_BOOKABLE: 'lines',
  DUPLICATE_BOOKING: 'lines',
  NOT_SHIPPABLE: 'shipping',
  DISCOUNT_INVALID: 'code',
  DISCOUNT_EXHAUSTED: 'code',
  INSUFFICIENT_CREDITS: 'credits',
  CREDITS_NOT_ALLOWED: 'credits',
  PAYMENT_FAILED: 'payment',
  EMAIL_NOT_VERIFIED: 'verify',
});

/** Where invalid input is shown, by the beginning of its path. @type {[RegExp, Refusal['place']][]} */
const PATHS = [
  [/^shippingAddress/, 'shipping'],
  [/^billingAddress/, 'billing'],
  [/^shippingOption/, 'option'],
  [/^credits/, 'credits'],
  [/^paymentMethod/, 'payment'],
  [/^note/, 'note'],
  [/^(items|tickets|seat)/, 'lines'],
];

/** @param {any} error @returns {Refusal['place']} */
function findPlace({ code, details }) {
  const known = PLACES[code];
  if (known) return known;
  const path = details?.[0]?.path ?? '';
  return PATHS.find(([pattern]) => pattern.test(path))?.[1] ?? 'all';
}

/** @param {any} texts @param {any} error @param {(currency: string, amount: string) => string} money */
function describe(texts, error, money) {
  const { checkout } = texts.store;
  const [detail] = error.details ?? [];
  if (error.code === 'INSUFFICIENT_CREDITS' && detail)
    return checkout.creditsLeft(money(detail.available, detail.currency));
  if (error.code === 'NOT_SHIPPABLE') return checkout.notShipped;
  return describeCartError(texts, error);
}

/** @param {any} texts @param {any} error @param {import('#types').Cart} cart @returns {Promise<Record<number, string>>} */
async function describeLines(texts, { code, details = [] }, { items }) {
  const { checkout, cart } = texts.store;
  if (code === 'DUPLICATE_BOOKING' && details[0]?.bookingId) {
    // The refusal names the booking; its event says which lines are meant.
    const { eventId } = await get(`/api/bookings/${details[0].bookingId}`);
    const lines = items.filter((line) => line.ticketTypeId !== null && line.eventId === eventId);
    return Object.fromEntries(lines.map(({ id }) => [id, checkout.duplicate(details[0].reference)]));
  }
  return Object.fromEntries(
    details.flatMap((/** @type {any} */ { path = '', available, limit, itemId, message, seatId }) => {
      const seated = items.find(({ seatIds }) => seatIds.includes(seatId));
      if (seated) return [[seated.id, cart.seatTaken]];
      const id = itemId ?? Number(/^items\.(\d+)$/.exec(path)?.[1]);
      if (!items.some((line) => line.id === id)) return [];
      if (available !== undefined) return [[id, checkout.left(available)]];
      if (limit !== undefined) return [[id, cart.limit(limit)]];
      return [[id, code === 'NOT_SHIPPABLE' ? checkout.notSent : message]];
    }),
  );
}

/** @param {any} texts @param {any} error @param {import('#types').Cart} cart @param {(amount: string, currency: string) => string} money @returns {Promise<Refusal>} */
export async function readRefusal(texts, error, cart, money) {
  const lines = await describeLines(texts, error, cart).catch(() => ({}));
  const paths = error.code === 'VALIDATION_ERROR' ? (error.details ?? []) : [];
  const fields = Object.fromEntries(paths.map((/** @type {any} */ { path, message }) => [path, message]));
  return { place: findPlace(error), message: describe(texts, error, money), lines, fields };
}

/** What is said at the fields of an address, by their names. @param {Refusal | undefined} refusal @param {string} name @returns {Record<string, string>} */
export function getFieldErrors(refusal, name) {
  const errors = Object.entries(refusal?.fields ?? {}).filter(([path]) => path.startsWith(`${name}.`));
  return Object.fromEntries(errors.map(([path, message]) => [path.slice(name.length + 1), message]));
}
