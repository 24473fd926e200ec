import type { RouteRequest } from '../http/route';
import type { EventMessageBody } from '../schemas/announcements.schemas';
import { getEventMessage, listEventMessages, sendEventMessage } from '../services/announcements/create-announcement';

interface Id {
  id: number;
}

export function send({ actor, params, body }: RouteRequest<'organizer', Id, unknown, EventMessageBody>) {
  return sendEventMessage(actor, { eventId: params.id, ...body });
}

export function list({ actor, params, query }: RouteRequest<'organizer', Id, { page: number; limit: number }>) {
  return listEventMessages(actor, { ...query, eventId: params.id });
}

export function get({ actor, params }: RouteRequest<'organizer', { id: number; messageId: number }>) {
  return getEventMessage(actor, { eventId: params.id, messageId: params.messageId });
}
