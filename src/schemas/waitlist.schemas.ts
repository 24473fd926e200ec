import { eventSummary } from './events/event-summary';
import {
  Joi,
  id,
  outCount,
  outFlag,
  outId,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  outTimeOrNull,
  pagingKeys,
} from './common.schemas';
import type { ListEventWaitlist } from '../services/waitlist/list-event-waitlist';
import type { JoinWaitlist, ListEntries } from '../services/waitlist/join-and-leave';
import { WAITLIST_ENTRY_STATUSES } from '../lib/statuses';

export const joinWaitlistBody = Joi.object<JoinWaitlist, true>({
  eventId: id().required(),
  ticketTypeId: id().allow(null).description('The ticket type; leave it out to accept any type'),
  ticketsCount: Joi.number().integer().min(1).max(1000).default(1),
  acceptFewer: Joi.boolean().default(false).description('Whether to accept an offer of fewer tickets'),
});

export const eventIdParams = Joi.object<{ eventId: number }, true>({ eventId: id().example(3).required() });

export const listWaitlistQuery = Joi.object<ListEntries, true>({
  ...pagingKeys(),
  eventId: id(),
  status: Joi.string().valid(...WAITLIST_ENTRY_STATUSES),
});

export const listEventWaitlistQuery = Joi.object<Omit<ListEventWaitlist, 'eventId'>, true>({
  ...pagingKeys(),
  status: Joi.string()
    .valid(...WAITLIST_ENTRY_STATUSES)
    .description('Defaults to `waiting` and `offered`'),
});

const waitlistEntryKeys = {
  id: outId(),
  eventId: outId(),
  event: eventSummary,
  ticketTypeId: Joi.number().integer().allow(null).required(),
  ticketsCount: outCount(),
  acceptFewer: outFlag(),
  status: Joi.string()
    .valid(...WAITLIST_ENTRY_STATUSES)
    .required(),
  position: Joi.number().integer().allow(null).required(),
  joinedAt: outTime(),
  offeredCount: Joi.number().integer().allow(null).required(),
  offerExpiresAt: outTimeOrNull(),
};

export const waitlistEntry = Joi.object(waitlistEntryKeys).meta({ name: 'WaitlistEntry' });

export const eventWaitlistEntry = Joi.object({
  ...waitlistEntryKeys,
  user: outObject({ id: outId(), firstName: outTextOrNull(), lastName: outTextOrNull(), email: outText() }),
}).meta({ name: 'EventWaitlistEntry' });
