import { useEffect, useState } from 'preact/hooks';
import { get } from '../lib/api.js';
import { html } from '../lib/html.js';
import { followAvailability } from '../lib/live.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { useSession } from '../lib/use-session.js';
import { useLoad } from '../lib/use-load.js';
import { Notice, Tag } from '../ui/parts.js';
import { Picture } from '../ui/picture.js';
import { ProductCard } from '../ui/product-card.js';
import { Failure } from '../ui/states.js';
import { Booking } from './event/booking.js';
import { OwnBookings } from './event/own-bookings.js';
import { Waitlist } from './event/waitlist.js';

/** @param {{ event: import('#types').EventDetail, cancellationWindowHours: number }} props */
function Facts({ event, cancellationWindowHours }) {
  const { event: texts } = useTexts();
  const { dayAndTime, clockWithZone, day } = useFormat();
  const { startDate, endDate, timezone, venueName, venueAddress, organizer } = event;
  const isOneDay = day(startDate, timezone) === day(endDate, timezone);
  const end = isOneDay ? clockWithZone(endDate, timezone) : `${dayAndTime(endDate, timezone)} (${timezone})`;
  const name = [organizer.firstName, organizer.lastName].filter(Boolean).join(' ');
  return html`<dl class="facts">
    <dt>${texts.when}</dt>
    <dd>
      <time datetime=${startDate}>${dayAndTime(startDate, timezone)}</time> – <time datetime=${endDate}>${end}</time
      ><br />
      <a href=${`/api/events/${event.id}/calendar.ics`} download>${texts.calendar}</a>
    </dd>
    ${
      (venueName || venueAddress) &&
      html`<dt>${texts.where}</dt>
        <dd>${venueName}${venueName && venueAddress && html`<br />`}${venueAddress}</dd>`
    }
    ${
      name &&
      html`<dt>${texts.organizer}</dt>
        <dd>${name}</dd>`
    }
    <dt>${texts.terms}</dt>
    <dd>${texts.refunds(cancellationWindowHours, event.refundPolicy)}</dd>
  </dl>`;
}

/** Follows the counts of an event while the page is open. @param {any} initial */
function useLiveEvent(initial) {
  const [event, setEvent] = useState(initial);
  const reload = async () => setEvent(await get(`/api/events/${initial.id}`));
  useEffect(
    () =>
      followAvailability(initial.id, ({ availableTickets, ticketTypes }) => {
        /** @type {Map<number, any>} */
        const counts = new Map(ticketTypes.map((type) => [type.id, type]));
        setEvent((/** @type {any} */ before) => ({
          ...before,
          availableTickets,
          ticketTypes: before.ticketTypes.map((/** @type {any} */ type) => ({ ...type, ...counts.get(type.id) })),
        }));
      }),
    [initial.id],
  );
  return { event, reload };
}

/** Loads what the signed-in user has to do with the event. @param {number} eventId @param {any} session */
function useOwn(eventId, session) {
  return useLoad(async () => {
    if (session.status !== 'in') return { bookings: [], entry: undefined };
    const [bookings, entries] = await Promise.all([
      get('/api/bookings', { eventId, limit: 20 }),
      get('/api/waitlist', { eventId, limit: 1 }),
    ]);
    const isActive = (/** @type {any} */ { status }) => status === 'confirmed' || status === 'pending';
    const isWaiting = (/** @type {any} */ { status }) => status === 'waiting' || status === 'offered';
    return { bookings: bookings.filter(isActive), entry: entries.find(isWaiting) };
  }, [eventId, session.user?.id]);
}

/** @param {{ event: import('#types').EventDetail, session: any, seatedTypeIds: number[], reload: () => Promise<void> }} props */
function Tickets({ event, session, seatedTypeIds, reload }) {
  const { event: texts } = useTexts();
  const own = useOwn(event.id, session);
  const { bookings = [], entry } = own.data ?? {};
  const isOffered = entry?.status === 'offered';
  const isOver = event.status === 'completed' || Date.parse(event.endDate) < Date.now();
  const mayBookMore = bookings.length === 0 || event.allowMultipleBookings || isOffered;
  if (event.status === 'cancelled') return html`<${Notice} tone="bad">${texts.cancelled}<//>`;
  if (isOver) return html`<${Notice}>${texts.over}<//>`;
  if (own.error) return html`<${Failure} error=${own.error} retry=${own.reload} />`;
  return html`<${OwnBookings} bookings=${bookings} />
    <${Waitlist}
      event=${event}
      session=${session}
      entry=${entry}
      hasBooking=${bookings.length > 0 && !event.allowMultipleBookings}
      onChange=${own.reload}
    />
    ${
      mayBookMore &&
      html`<${Booking}
        event=${event}
        session=${session}
        seatedTypeIds=${seatedTypeIds}
        offer=${isOffered ? entry : undefined}
        onRefused=${reload}
      />`
    }`;
}

/** What is sold for this event beside tickets. @param {{ eventId: number, shop: { products: any[], total: number } }} props */
function Shop({ eventId, shop: { products, total } }) {
  const { event: texts } = useTexts();
  if (products.length === 0) return null;
  return html`<section class="event-shop" aria-labelledby="shop-title">
    <h2 id="shop-title">${texts.shop}</h2>
    <ul class="events products">
      ${products.map((product) => html`<${ProductCard} key=${product.id} product=${product} level=${3} />`)}
    </ul>
    ${total > products.length && html`<p><a href=${`/shop?event=${eventId}`}>${texts.wholeShop(total)}</a></p>`}
  </section>`;
}

/** An event: what it is, and booking its tickets. @param {{ event: import('#types').EventDetail, seatedTypeIds: number[], cancellationWindowHours: number, shop: { products: any[], total: number } }} props */
export function EventPage({ event: initial, seatedTypeIds, cancellationWindowHours, shop }) {
  const { event: texts } = useTexts();
  const session = useSession();
  const { event, reload } = useLiveEvent(initial);
  return html`<article class="event-page">
    <div class="event-main">
      ${
        event.coverImageUrl &&
        html`<${Picture}
          url=${event.coverImageUrl}
          alt=${event.coverImageAlt ?? ''}
          sizes="(max-width: 800px) calc(100vw - 32px), 620px"
          width=${1280}
          height=${720}
          isFirst
        />`
      }
      <h1>${event.title}</h1>
      ${
        event.tags.length > 0 &&
        html`<p class="tags">
          ${event.tags.map((/** @type {string} */ name) => html`<${Tag} key=${name}>${name}<//> `)}
        </p>`
      }
      <${Facts} event=${event} cancellationWindowHours=${cancellationWindowHours} />
      ${event.description && html`<div class="prose">${event.description}</div>`}
    </div>
    <section class="event-tickets" aria-labelledby="tickets-title">
      <h2 id="tickets-title">${texts.tickets}</h2>
      <p class="needs-script">${texts.needsScript}</p>
      <${Tickets} event=${event} session=${session} seatedTypeIds=${seatedTypeIds} reload=${reload} />
    </section>
    <${Shop} eventId=${event.id} shop=${shop} />
  </article>`;
}
