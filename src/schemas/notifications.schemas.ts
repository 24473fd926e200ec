import { notificationKinds } from '../lib/notification-kinds';
import {
  Joi,
  idParams,
  outCount,
  outId,
  outText,
  outTime,
  outTimeOrNull,
  pagingKeys,
  type Paging,
} from './common.schemas';

export const listNotificationsQuery = Joi.object<Paging & { unread?: boolean }, true>({
  ...pagingKeys(),
  unread: Joi.boolean().description('Only unread notifications'),
});

export const notificationParams = idParams();

const idOrNull = () => Joi.number().integer().allow(null).required();

export const notification = Joi.object({
  id: outId(),
  kind: Joi.string()
    .valid(...notificationKinds)
    .required(),
  title: outText(),
  body: outText(),
  eventId: idOrNull(),
  bookingId: idOrNull(),
  readAt: outTimeOrNull(),
  createdAt: outTime(),
}).meta({ name: 'Notification' });

export const markAllReadResult = Joi.object({ count: outCount() });
