import { useRef, useState } from 'preact/hooks';
import { createKey, post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices, isZero } from '../../lib/money.js';
import { useAction } from '../../lib/use-load.js';
import { Field } from '../../ui/field.js';
import { Problem } from '../../ui/states.js';
import { ConfirmAddress } from '../sign-in/confirm-address.js';
import { SignInDialog } from '../sign-in/sign-in-dialog.js';
import { AddToCart } from './add-to-cart.js';
import { countOf, useChoice } from './choice.js';
import { SeatChoice } from './seat-choice.js';
import { TypeRow } from './type-row.js';

/** How many of a type can be chosen; an offer has its own tickets. @param {any} type @param {any} event @param {any} offer */
function getLimits(type, event, offer) {
  const offered = offer && (offer.ticketTypeId === null || offer.ticketTypeId === type.id) ? offer.offeredCount : 0;
  const available = Math.max(type.quantityAvailable ?? Infinity, offered);
  const allowed = Math.min(type.maxPerBooking ?? Infinity, event.maxPerUser ?? Infinity);
  const limit = offer ? offered : Math.min(available, allowed);
  return { min: type.minPerBooking, max: limit === Infinity ? 100 : limit };
}

/** @param {any} body */
async function createBooking(body, /** @type {string} */ key) {
  const booking = await post('/api/bookings', body, { idempotencyKey: key });
  return booking.status === 'pending' && booking.order ? `/orders/${booking.order.id}` : `/bookings/${booking.id}`;
}

/** @param {{ lines: [string, number][], currency: string }} props */
function Total({ lines, currency }) {
  const { event: texts } = useTexts();
  const { money } = useFormat();
  const total = addPrices(lines);
  return html`<p class="total" role="status">
    ${texts.total} <strong>${isZero(total) ? texts.free : money(total, currency)}</strong>
  </p>`;
}

/** Choosing tickets and booking them. @param {{ event: import('#types').EventDetail, session: any, seatedTypeIds: number[], offer: any, onRefused: () => Promise<void> }} props */
export function Booking({ event, session, seatedTypeIds, offer, onRefused }) {
  const { event: texts } = useTexts();
  const { choice, set, clear } = useChoice(event.id);
  const [isSigningIn, setSigningIn] = useState(false);
  const code = useRef('');
  // The same attempt however often it is sent; another choice is another attempt.
  const attempt = useRef({ body: '', key: '' });

  const items = event.ticketTypes
    .map((type) => ({
      ticketTypeId: type.id,
      quantity: countOf(choice, type.id, seatedTypeIds),
      type,
    }))
    .filter(({ quantity }) => quantity > 0);
  const count = items.reduce((/** @type {number} */ sum, { quantity }) => sum + quantity, 0);
  const isPaid = event.ticketTypes.some(({ price }) => !isZero(price));

  const book = useAction(async () => {
    const body = {
      eventId: event.id,
      items: items.map(({ ticketTypeId, quantity }) => ({ ticketTypeId, quantity })),
      ...(choice.seats.length > 0 && { seatIds: choice.seats.map(({ id }) => id) }),
      ...(code.current && { discountCode: code.current }),
    };
    const text = JSON.stringify(body);
    if (attempt.current.body !== text) attempt.current = { body: text, key: createKey() };
    try {
      const page = await createBooking(body, attempt.current.key);
      clear();
      location.assign(page);
    } catch (/** @type {any} */ error) {
      if (error.code === 'SEAT_TAKEN') set({ ...choice, seats: [] });
      if (['SEAT_TAKEN', 'SOLD_OUT', 'SALES_CLOSED', 'EVENT_NOT_BOOKABLE'].includes(error.code)) await onRefused();
      throw error;
    }
  });

  const submit = (/** @type {Event} */ submitted) => {
    submitted.preventDefault();
    if (session.status === 'in') void book.run();
    else setSigningIn(true);
  };
  const change = (/** @type {any} */ type, /** @type {number} */ quantity) =>
    set({
      seats: seatedTypeIds.includes(type.id) ? [] : choice.seats,
      counts: { ...choice.counts, [type.id]: quantity },
    });

  return html`<form class="booking" onSubmit=${submit}>
    <ul class="types">
      ${event.ticketTypes.map(
        (type) =>
          html`<${TypeRow}
            key=${type.id}
            type=${type}
            currency=${event.currency}
            limits=${getLimits(type, event, offer)}
            count=${countOf(choice, type.id, seatedTypeIds)}
            onChange=${(/** @type {number} */ quantity) => change(type, quantity)}
          />`,
      )}
    </ul>
    ${
      seatedTypeIds.length > 0 &&
      html`<${SeatChoice}
        event=${event}
        seats=${choice.seats}
        onChange=${(/** @type {any[]} */ seats) => set({ ...choice, seats })}
      />`
    }
    ${
      isPaid &&
      html`<details class="code">
        <summary>${texts.haveCode}</summary>
        <${Field}
          label=${texts.code}
          name="discountCode"
          autocomplete="off"
          onInput=${(/** @type {any} */ input) => (code.current = input.target.value.trim())}
        />
      </details>`
    }
    ${count > 0 && html`<${Total} currency=${event.currency} lines=${items.map(({ type, quantity }) => [type.price, quantity])} />`}
    ${
      book.error?.code === 'EMAIL_NOT_VERIFIED'
        ? html`<${ConfirmAddress} email=${session.user?.email} onConfirmed=${book.run} />`
        : html`<${Problem} error=${book.error} />`
    }
    <button class="primary large" type="submit" disabled=${count === 0 || book.isBusy}>
      ${book.isBusy ? texts.booking : texts.book(count)}
    </button>
    ${
      !offer &&
      html`<${AddToCart}
        items=${items}
        seats=${choice.seats}
        onAdded=${(/** @type {number[]} */ typeIds) =>
          set({
            counts: { ...choice.counts, ...Object.fromEntries(typeIds.map((id) => [id, 0])) },
            seats: choice.seats.filter(({ ticketTypeId }) => !typeIds.includes(ticketTypeId)),
          })}
        onRefused=${onRefused}
      />`
    }
    ${
      isSigningIn &&
      html`<${SignInDialog}
        onClose=${() => setSigningIn(false)}
        onSignedIn=${() => {
          setSigningIn(false);
          void book.run();
        }}
      />`
    }
  </form>`;
}
