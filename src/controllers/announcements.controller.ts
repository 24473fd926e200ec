import type { RouteRequest } from '../http/route';
import type { AnnouncementBody } from '../schemas/announcements.schemas';
import { getAnnouncement, listAnnouncements, createAnnouncement } from '../services/announcements/create-announcement';

interface Id {
  id: number;
}

export function send({ actor, params, body }: RouteRequest<'organizer', Id, unknown, AnnouncementBody>) {
  return createAnnouncement(actor, { eventId: params.id, ...body });
}

export function list({ actor, params, query }: RouteRequest<'organizer', Id, { page: number; limit: number }>) {
  return listAnnouncements(actor, { ...query, eventId: params.id });
}

export function get({ actor, params }: RouteRequest<'organizer', { id: number; messageId: number }>) {
  return getAnnouncement(actor, { eventId: params.id, messageId: params.messageId });
}
