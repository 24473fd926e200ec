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
  topic: topic().description('A topic, such as `booking.confirmed`'),
});

export const messageParams = idParams();

export const retryParkedBody = Joi.object<{ topic?: string }, true>({
  topic: topic().description('Only messages of this topic, such as `booking.confirmed`'),
});

export const retriedCount = outObject({ count: outCount().description('The number of messages') });

export const parkedMessage = Joi.object({
  id: outId(),
  topic: outText().description('A topic, such as `booking.confirmed`'),
  payload: Joi.object().required().description('The ids of what the message is about'),
  recipient: outTextOrNull().description('The email address or phone number it goes to; null if there are several'),
  about: outTextOrNull().description('What the message is about, such as the event and the booking reference'),
  attempts: outCount(),
  lastError: outTextOrNull(),
  requestId: outTextOrNull().description('The id of the request that caused it'),
  createdAt: outTime(),
  parkedAt: outTime(),
}).meta({ name: 'ParkedMessage' });
