import {
  Joi,
  idParams,
  outCount,
  outId,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
  type Paging,
} from './common.schemas';

const topic = () => Joi.string().trim().min(1).max(50);

export const listParkedQuery = Joi.object<Paging & { topic?: string }, true>({
  ...pagingKeys(),
  topic: topic().description('Such as booking.confirmed'),
});

export const messageParams = idParams();

export const retryParkedBody = Joi.object<{ topic?: string }, true>({
  topic: topic().description('Only those of this topic, such as booking.confirmed'),
});

export const retriedCount = outObject({ count: outCount().description('How many there were') });

export const parkedMessage = Joi.object({
  id: outId(),
  topic: outText().description('Such as booking.confirmed'),
  payload: Joi.object().required().description('Ids of what the message is about'),
  recipient: outTextOrNull().description('The address or number that it goes to; null where it is for many'),
  about: outTextOrNull().description('Such as the event and the reference of the booking'),
  attempts: outCount(),
  lastError: outTextOrNull(),
  requestId: outTextOrNull().description('Of the request that caused it'),
  createdAt: outTime(),
  parkedAt: outTime(),
}).meta({ name: 'ParkedMessage' });
