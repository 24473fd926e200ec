import {
  Joi,
  id,
  outCount,
  outId,
  outObject,
  outText,
  outTime,
  pagingKeys,
  plainLine,
  type Paging,
} from './common.schemas';

export interface AnnouncementBody {
  subject: string;
  body: string;
  ticketTypeIds: number[] | null;
}

const MAX_SUBJECT = 150;
const MAX_BODY = 5000;
const MAX_TYPES = 100;

export const createAnnouncementBody = Joi.object<AnnouncementBody, true>({
  subject: plainLine(MAX_SUBJECT).required(),
  body: Joi.string().trim().max(MAX_BODY).required().description('Plain text; blank lines separate paragraphs'),
  ticketTypeIds: Joi.array()
    .items(id())
    .min(1)
    .max(MAX_TYPES)
    .unique()
    .allow(null)
    .default(null)
    .description('Only holders of tickets of these types; defaults to all holders'),
});

export const announcementParams = Joi.object<{ id: number; messageId: number }, true>({
  id: id().required(),
  messageId: id().required(),
});

export const listAnnouncementsQuery = Joi.object<Paging, true>(pagingKeys());

export const announcement = outObject({
  id: outId(),
  eventId: outId(),
  subject: outText(),
  body: outText(),
  ticketTypeIds: Joi.array().items(Joi.number().integer()).allow(null).required(),
  status: Joi.string().valid('sending', 'completed').required(),
  recipients: outCount().description('The number of recipients found so far'),
  sent: outCount(),
  skipped: outCount().description('The number who have unsubscribed from such mail or exceed the daily limit'),
  left: outCount(),
  createdAt: outTime(),
}).meta({ name: 'EventMessage' });
