import { type RouteRequest } from '../http/route';
import { listEventWaitlist, type ListEventWaitlist } from '../services/waitlist/list-event-waitlist';
import {
  getWaitlistEntry,
  joinWaitlist,
  leaveWaitlist,
  listWaitlistEntries,
  type JoinWaitlist,
} from '../services/waitlist/join-and-leave';
import { commandReply } from './bookings.controller';

export async function join({ actor, body, idempotency }: RouteRequest<'user', unknown, unknown, JoinWaitlist>) {
  return commandReply(await joinWaitlist(actor, body, idempotency));
}

export function list({ actor, query }: RouteRequest<'user', unknown, { page: number; limit: number }>) {
  return listWaitlistEntries(actor, query);
}

export function listOfEvent({
  actor,
  params,
  query,
}: RouteRequest<'organizer', { id: number }, Omit<ListEventWaitlist, 'eventId'>>) {
  return listEventWaitlist(actor, { ...query, eventId: params.id });
}

export function get({ actor, params }: RouteRequest<'user', { eventId: number }>) {
  return getWaitlistEntry(actor, params.eventId);
}

export function leave({ actor, params }: RouteRequest<'user', { eventId: number }>) {
  return leaveWaitlist(actor, params.eventId);
}
