import { Reply, type Download, type RouteRequest } from '../http/route';
import {
  exportAttendees,
  listAttendees,
  type ExportAttendees,
  type ListAttendees,
} from '../services/events/export-attendees';
import { getEventCalendar } from '../services/events/event-calendar';
import type { CancelEventBody } from '../schemas/events/event-bodies';
import { cancelEvent, deleteEvent, previewCancellation } from '../services/events/cancel-event';
import * as covers from '../services/events/event-cover';
import { createEvent, type CreateEvent } from '../services/events/create-event';
import { duplicateEvent, type DuplicateEvent } from '../services/events/duplicate-event';
import { listCategories, listEvents, type ListEvents } from '../services/events/list-events';
import { getEvent, type TaggedEvent } from '../services/events/get-event';
import { getEventStats } from '../services/events/event-stats';
import { updateEvent, type UpdateEvent } from '../services/events/update-event';

interface Id {
  id: number;
}

function tagged({ event, etag }: TaggedEvent, message?: string): Reply<TaggedEvent['event']> {
  return new Reply(event, { headers: { ETag: etag }, message });
}

export function list({ actor, query }: RouteRequest<'public', unknown, ListEvents>) {
  return listEvents(actor, query);
}

export function categories() {
  return listCategories();
}

export async function get({ actor, params }: RouteRequest<'public', Id>) {
  return tagged(await getEvent(actor, params.id));
}

export async function create({ actor, body }: RouteRequest<'organizer', unknown, unknown, CreateEvent>) {
  return tagged(await createEvent(actor, body));
}

export async function update({ actor, params, body, ifMatch }: RouteRequest<'organizer', Id, unknown, UpdateEvent>) {
  return tagged(await updateEvent(actor, { eventId: params.id, ifMatch, changes: body }));
}

export async function duplicate({
  actor,
  params,
  body,
}: RouteRequest<'organizer', Id, unknown, Omit<DuplicateEvent, 'eventId'>>) {
  return tagged(await duplicateEvent(actor, { ...body, eventId: params.id }));
}

export async function cancel({ actor, params, body }: RouteRequest<'organizer', Id, unknown, CancelEventBody>) {
  if (!body.confirm)
    return new Reply(await previewCancellation(actor, params.id), {
      status: 200,
      message: 'Nothing was changed. Send `confirm: true` to cancel the event.',
    });
  return tagged(
    await cancelEvent(actor, { eventId: params.id, reason: body.reason }),
    'Cancelled: bookings are refunded and everyone is told shortly.',
  );
}

export async function assertMayChangeCover({ actor, params }: Pick<RouteRequest<'organizer', Id>, 'actor' | 'params'>) {
  await covers.assertMayChangeCover(actor, params.id);
}

export async function replaceCover({ actor, params, upload }: RouteRequest<'organizer', Id>) {
  return tagged(await covers.replaceCover(actor, { eventId: params.id, upload: upload! }));
}

export async function removeCover({ actor, params }: RouteRequest<'organizer', Id>) {
  await covers.removeCover(actor, params.id);
}

export async function remove({ actor, params }: RouteRequest<'organizer', Id>) {
  await deleteEvent(actor, params.id);
}

export function stats({ actor, params }: RouteRequest<'organizer', Id>) {
  return getEventStats(actor, params.id);
}

export function attendees({ actor, params, query }: RouteRequest<'organizer', Id, Omit<ListAttendees, 'eventId'>>) {
  return listAttendees(actor, { ...query, eventId: params.id });
}

export async function attendeesCsv({
  actor,
  params,
  query,
}: RouteRequest<'organizer', Id, Omit<ExportAttendees, 'eventId'>>): Promise<Download> {
  const content = await exportAttendees(actor, { ...query, eventId: params.id });
  return { content, contentType: 'text/csv; charset=utf-8', filename: `attendees-${params.id}.csv` };
}

export async function calendar({ actor, params }: RouteRequest<'public', Id>): Promise<Download> {
  return {
    content: await getEventCalendar(actor, params.id),
    contentType: 'text/calendar; charset=utf-8',
    filename: `event-${params.id}.ics`,
  };
}
