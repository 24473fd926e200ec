import { eventSummary } from './events.summary.schemas';
import { Joi, id, outCount, outFlag, outId, outTime, outTimeOrNull, pagingKeys, type Paging } from './common.schemas';
import type { JoinWaitlist } from '../services/waitlist.service';

export const joinWaitlistBody = Joi.object<JoinWaitlist>({
  eventId: id().required(),
  ticketTypeId: id().allow(null).description('Left out: any type will do'),
  ticketsCount: Joi.number().integer().min(1).max(1000).default(1),
  acceptFewer: Joi.boolean().default(false).description('Take an offer of fewer tickets than asked for'),
});

export const eventIdParams = Joi.object<{ eventId: number }>({ eventId: id().example(3).required() });

export const listWaitlistQuery = Joi.object<Paging>(pagingKeys());

export const waitlistEntry = Joi.object({
  id: outId(),
  eventId: outId(),
  event: eventSummary,
  ticketTypeId: Joi.number().integer().allow(null).required(),
  ticketsCount: outCount(),
  acceptFewer: outFlag(),
  status: Joi.string().valid('waiting', 'offered', 'claimed', 'expired', 'left').required(),
  position: Joi.number().integer().allow(null).required(),
  joinedAt: outTime(),
  offeredCount: Joi.number().integer().allow(null).required(),
  offerExpiresAt: outTimeOrNull(),
}).meta({ name: 'WaitlistEntry' });
