import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import { createVersionTag } from '../../lib/version-tag';
import { getVisibleEvent } from './event-access';
import { presentEventDetail, type EventDetail } from './present-event';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

export interface TaggedEvent {
  event: EventDetail;
  etag: string;
}

/** Returns an event with its ticket types. @throws AppError NOT_FOUND, also for drafts of others */
export async function getEvent(actor: Actor | undefined, id: number): Promise<TaggedEvent> {
  const row = await getVisibleEvent(database, actor, id);
  const event = presentEventDetail(row, await listTypesOfEvent(database, id));
  return { event, etag: createVersionTag(row.version, event) };
}
