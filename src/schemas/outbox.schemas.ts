import {
  Joi,
  idParams,
  outCount,
  outId,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
  type Paging,
} from './common.schemas';

export const listParkedQuery = Joi.object<Paging>(pagingKeys());

export const messageParams = idParams();

export const parkedMessage = Joi.object({
  id: outId(),
  topic: outText().description('Such as booking.confirmed'),
  payload: Joi.object().required().description('Ids of what the message is about'),
  attempts: outCount(),
  lastError: outTextOrNull(),
  requestId: outTextOrNull().description('Of the request that caused it'),
  createdAt: outTime(),
  parkedAt: outTime(),
}).meta({ name: 'ParkedMessage' });
