import type { ExportAttendees, ListAttendees } from '../../services/events/export-attendees';
import type { ListEvents } from '../../services/events/list-events';
import { BOOKING_STATUSES, EVENT_STATUSES, Joi, id, money, pagingKeys, time } from '../common.schemas';

export const listEventsQuery = Joi.object<ListEvents, true>({
  ...pagingKeys(),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Words in the title, venue and description, regardless of case and accents; the last one may be incomplete',
    ),
  category: Joi.string().trim().max(50).empty(''),
  tag: Joi.string().trim().max(50).empty('').description('A tag of the event, in upper or lower case'),
  from: time().description('The earliest `startDate`'),
  to: time().description('Only events with an earlier `startDate`'),
  isFree: Joi.boolean(),
  minPrice: money().description('The lowest price of the cheapest ticket that can be booked now'),
  maxPrice: money().description('The highest price of the cheapest ticket that can be booked now'),
  organizerId: id(),
  available: Joi.boolean().description('`true` for events with tickets that can be booked now; `false` for all others'),
  mine: Joi.boolean().description('Only your own events, in every status'),
  status: Joi.string()
    .valid(...EVENT_STATUSES)
    .description('A status; requires `mine`'),
  sort: Joi.string()
    .valid('startDate', 'createdAt', 'price', 'title', 'popularity')
    .description('Defaults to relevance with `search`, and to `startDate` without'),
  order: Joi.string()
    .valid('asc', 'desc')
    .description('Defaults to `asc`, or to `desc` for `createdAt` and `popularity`'),
});

const attendeeFilter = {
  status: Joi.string()
    .valid('valid', 'void', 'transferred', ...BOOKING_STATUSES)
    .default('valid')
    .description(
      'The status of the ticket or of its booking. `transferred` tickets are valid and held by somebody other than the booker',
    ),
  ticketTypeId: id(),
  checkedIn: Joi.boolean(),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Parts of the name, email address, reference or order number; all words must match, regardless of case and accents',
    ),
};

export const listAttendeesQuery = Joi.object<Omit<ListAttendees, 'eventId'>, true>({
  ...pagingKeys(),
  ...attendeeFilter,
});
export const exportAttendeesQuery = Joi.object<Omit<ExportAttendees, 'eventId'>, true>(attendeeFilter);
