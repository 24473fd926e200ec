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
      'Words in title, venue and description, whatever their case and accents; the last one may be unfinished',
    ),
  category: Joi.string().trim().max(50).empty(''),
  tag: Joi.string().trim().max(50).empty('').description('One of its tags, in either letter case'),
  from: time().description('The earliest `startDate`'),
  to: time().description('Before this `startDate`'),
  isFree: Joi.boolean(),
  minPrice: money().description('Least price of the cheapest ticket that can be bought now'),
  maxPrice: money().description('Greatest price of the cheapest ticket that can be bought now'),
  organizerId: id(),
  available: Joi.boolean().description(
    '`true`: only those of which something can be bought now; `false`: only the others',
  ),
  mine: Joi.boolean().description('Your own, in every status'),
  status: Joi.string()
    .valid(...EVENT_STATUSES)
    .description('Only with `mine`'),
  sort: Joi.string()
    .valid('startDate', 'createdAt', 'price', 'title', 'popularity')
    .description('By default how well it matches `search`, without one `startDate`'),
  order: Joi.string().valid('asc', 'desc').description('By default `asc`; `desc` for `createdAt` and `popularity`'),
});

const attendeeFilter = {
  status: Joi.string()
    .valid('valid', 'void', 'transferred', ...BOOKING_STATUSES)
    .default('valid')
    .description(
      'Of the ticket (`valid`, `void`, or `transferred`: valid, and held by somebody else than the booker) or of its booking',
    ),
  ticketTypeId: id(),
  checkedIn: Joi.boolean(),
  search: Joi.string()
    .trim()
    .max(200)
    .allow('')
    .description(
      'Parts of name, address, reference or order number; all words have to be there, accents and case do not count',
    ),
};

export const listAttendeesQuery = Joi.object<Omit<ListAttendees, 'eventId'>, true>({
  ...pagingKeys(),
  ...attendeeFilter,
});
export const exportAttendeesQuery = Joi.object<Omit<ExportAttendees, 'eventId'>, true>(attendeeFilter);
