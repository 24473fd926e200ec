import { config } from '../../../config';
import { eventDetail } from '../../../schemas/events/event-responses';
import { idParams } from '../../../schemas/common.schemas';
import { cutText } from '../../../lib/text/cut-text';
import { getEvent } from '../../../services/events/get-event';
import { listSeatedTypeIds } from '../../../services/seats/get-seat-map';
import { createShaper } from '../../shape';
import { validate } from '../../validate';
import type { LoadedPage, PageRequest } from './page';
import { findProductsOfEvent } from './shop';

type EventDetail = Awaited<ReturnType<typeof getEvent>>['event'];

const MAX_DESCRIPTION = 200;
const MAX_PRODUCTS = 4;
const shape = createShaper(eventDetail, 'getEvent');

function toOffers({ ticketTypes, currency, status }: EventDetail, url: string) {
  return ticketTypes.map(({ name, price, quantityAvailable, salesStart }) => ({
    '@type': 'Offer',
    name,
    url,
    price,
    priceCurrency: currency,
    availability: `https://schema.org/${quantityAvailable === 0 || status !== 'published' ? 'SoldOut' : 'InStock'}`,
    ...(salesStart && { validFrom: salesStart }),
  }));
}

/** Describes an event in the vocabulary of schema.org, which search engines read. */
function toJsonLd(event: EventDetail, url: string) {
  const { title, description, startDate, endDate, venueName, venueAddress, coverImageUrl, organizer, status } = event;
  const organizerName = [organizer.firstName, organizer.lastName].filter(Boolean).join(' ');
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    name: title,
    url,
    startDate,
    endDate,
    eventStatus: `https://schema.org/${status === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`,
    eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
    location: { '@type': 'Place', name: venueName ?? title, address: venueAddress ?? venueName ?? title },
    offers: toOffers(event, url),
    ...(description && { description }),
    ...(coverImageUrl && { image: [coverImageUrl] }),
    ...(organizerName && { organizer: { '@type': 'Organization', name: organizerName } }),
  };
}

/** @throws AppError NOT_FOUND, also for drafts; VALIDATION_ERROR */
export async function loadEvent({ req }: PageRequest): Promise<LoadedPage> {
  const { id } = validate(idParams(), req.params, { source: 'params' });
  const [{ event }, seatedTypeIds, shop] = await Promise.all([
    getEvent(undefined, id),
    listSeatedTypeIds(id),
    findProductsOfEvent(id, MAX_PRODUCTS),
  ]);
  const url = `${config.publicUrl}/e/${id}`;
  const summary = [event.venueName, event.description].filter(Boolean).join(': ').replaceAll(/\s+/g, ' ');
  return {
    props: {
      event: shape(event),
      seatedTypeIds,
      shop,
      cancellationWindowHours: event.cancellationWindowHours ?? config.cancellationWindowHours,
    },
    head: {
      title: event.title,
      description: cutText(summary || event.title, { max: MAX_DESCRIPTION }),
      canonicalUrl: url,
      imageUrl: event.coverImageUrl,
      type: 'event',
      jsonLd: toJsonLd(event, url),
    },
  };
}
