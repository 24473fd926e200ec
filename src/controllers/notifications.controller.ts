import type { RouteRequest } from '../http/route';
import { listNotifications, readAllNotifications, readNotification } from '../services/notifications.service';

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

export function read({ actor, params }: RouteRequest<'user', { id: number }>) {
  return readNotification(actor.userId, params.id);
}

export async function readAll({ actor }: RouteRequest<'user'>) {
  return { count: await readAllNotifications(actor.userId) };
}
