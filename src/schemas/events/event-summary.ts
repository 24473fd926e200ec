import { EVENT_STATUSES, Joi, outId, outObject, outText, outTextOrNull, outTime } from '../common.schemas';

/** The event as shown in bookings, tickets and waitlist entries. */
export const eventSummary = outObject({
  id: outId(),
  title: outText(),
  startDate: outTime(),
  endDate: outTime(),
  timezone: outText(),
  venueName: outTextOrNull(),
  venueAddress: outTextOrNull(),
  status: Joi.string()
    .valid(...EVENT_STATUSES)
    .required(),
  coverImageUrl: outTextOrNull(),
  organizerId: outId(),
}).meta({ name: 'EventSummary' });
