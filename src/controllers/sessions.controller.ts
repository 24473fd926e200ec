import type { RouteRequest } from '../http/route';
import { refreshSession } from '../services/sessions/refresh-session';
import { endSession, listSessions, logOut, logOutEverywhere } from '../services/sessions/start-and-end-sessions';
import { endUserSessions, listUserSessions } from '../services/users/user-sessions';

export function refresh({ body, caller }: RouteRequest<'public', unknown, unknown, { refreshToken: string }>) {
  return refreshSession(body.refreshToken, caller);
}

export function logout({ actor }: RouteRequest<'user'>) {
  return logOut(actor);
}

export function logoutAll({ actor }: RouteRequest<'user'>) {
  return logOutEverywhere(actor);
}

export function list({ actor, query }: RouteRequest<'user', unknown, { page: number; limit: number }>) {
  return listSessions(actor, query);
}

export function end({ actor, params }: RouteRequest<'user', { id: number }>) {
  return endSession(actor, params.id);
}

export function listOfUser({
  actor,
  params,
  query,
}: RouteRequest<'admin', { id: number }, { page: number; limit: number }>) {
  return listUserSessions(actor, params.id, query);
}

export function endOfUser({ actor, params }: RouteRequest<'admin', { id: number }>) {
  return endUserSessions(actor, params.id);
}
