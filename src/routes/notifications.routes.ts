import * as notifications from '../controllers/notifications.controller';
import { route } from '../http/route';
import {
  listNotificationsQuery,
  notification,
  notificationParams,
  markAllReadResult,
} from '../schemas/notifications.schemas';

const tag = 'Notifications';

export const notificationsRoutes = [
  route({
    method: 'get',
    path: '/notifications',
    id: 'listNotifications',
    tag,
    summary: 'List your notifications, newest first',
    access: 'user',
    query: listNotificationsQuery,
    status: 200,
    response: notification,
    list: true,
    errors: [],
    handler: notifications.list,
  }),
  route({
    method: 'get',
    path: '/waitlist/notifications',
    id: 'listWaitlistNotifications',
    tag: 'Waitlist',
    summary: 'List your notifications about waitlists, newest first',
    access: 'user',
    query: listNotificationsQuery,
    status: 200,
    response: notification,
    list: true,
    errors: [],
    handler: notifications.listOfWaitlist,
  }),
  route({
    method: 'put',
    path: '/notifications/:id/read',
    id: 'readNotification',
    tag,
    summary: 'Mark a notification as read',
    access: 'user',
    params: notificationParams,
    status: 200,
    response: notification,
    errors: ['NOT_FOUND'],
    handler: notifications.markRead,
  }),
  route({
    method: 'put',
    path: '/notifications/read-all',
    id: 'readAllNotifications',
    tag,
    summary: 'Mark all your notifications as read',
    description: 'Returns the number of notifications that were unread.',
    access: 'user',
    status: 200,
    response: markAllReadResult,
    errors: [],
    handler: notifications.markAllRead,
  }),
];
