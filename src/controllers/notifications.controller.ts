import type { RouteRequest } from '../http/route';
import {
  listNotifications,
  markAllNotificationsRead,
  markNotificationRead,
} from '../services/notifications/list-notifications';

interface Query {
  page: number;
  limit: number;
  unread?: boolean;
}

export function list({ actor, query }: RouteRequest<'user', unknown, Query>) {
  return listNotifications(actor.userId, query);
}

export function listOfWaitlist({ actor, query }: RouteRequest<'user', unknown, Query>) {
  return listNotifications(actor.userId, { ...query, kind: 'waitlist.' });
}

export function markRead({ actor, params }: RouteRequest<'user', { id: number }>) {
  return markNotificationRead(actor.userId, params.id);
}

export async function markAllRead({ actor }: RouteRequest<'user'>) {
  return { count: await markAllNotificationsRead(actor.userId) };
}
