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

export const listNotificationsQuery = Joi.object<Paging & { unread?: boolean }>({
  ...pagingKeys(),
  unread: Joi.boolean().description('Only those not read yet'),
});

export const pageQuery = Joi.object<Paging>(pagingKeys());

export const notificationParams = idParams();

const idOrNull = () => Joi.number().integer().allow(null).required();

export const notification = Joi.object({
  id: outId(),
  kind: outText().description('Such as booking.confirmed, event.updated, waitlist.offered'),
  title: outText(),
  body: outText(),
  eventId: idOrNull(),
  bookingId: idOrNull(),
  readAt: outTimeOrNull(),
  createdAt: outTime(),
}).meta({ name: 'Notification' });

export const readAll = Joi.object({ count: outCount() });
