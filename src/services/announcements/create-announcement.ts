import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  countRecentAnnouncements,
  findAnnouncement,
  insertAnnouncement,
  listAnnouncements as listRows,
  type AnnouncementRow,
} from '../../models/announcements.model';
import { recordActivity } from '../audit/record-activity';
import { getManagedEvent, lockManagedEvent } from '../events/event-access';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

export interface CreateAnnouncement {
  eventId: number;
  subject: string;
  body: string;
  ticketTypeIds: number[] | null;
}

const MAX_MESSAGES = 10;
const PER_HOURS = 24;

function present({ collectedAt, recipients, sent, skipped, ...row }: AnnouncementRow) {
  const left = recipients - sent - skipped;
  const status = collectedAt && left === 0 ? 'completed' : 'sending';
  return { ...row, status, recipients, sent, skipped, left };
}

/**
 * Creates an announcement that is sent to all holders of valid tickets.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, RATE_LIMITED
 */
export async function createAnnouncement(actor: Actor, { eventId, ...message }: CreateAnnouncement) {
  const id = await runOnce(actor, async (trx) => {
    await lockManagedEvent(trx, actor, eventId);
    if (message.ticketTypeIds) {
      const known = new Set((await listTypesOfEvent(trx, eventId)).map((type) => type.id));
      if (!message.ticketTypeIds.every((typeId) => known.has(typeId)))
        throw createValidationError('ticketTypeIds', 'contains a type that this event does not have');
    }
    const { count, firstSecondsAgo } = await countRecentAnnouncements(trx, { eventId, hours: PER_HOURS });
    if (count >= MAX_MESSAGES)
      throw new AppError(
        'RATE_LIMITED',
        `At most ${MAX_MESSAGES} messages per day can be sent to the attendees of an event.`,
        {
          retryAfter: Math.max(1, Math.ceil(PER_HOURS * 3600 - firstSecondsAgo)),
        },
      );
    const eventMessageId = await insertAnnouncement(trx, { eventId, senderId: actor.userId, ...message });
    const details = { eventMessageId, subject: message.subject };
    await recordActivity(trx, actor, { action: 'event.message', subjectId: eventId, details });
    await addMessages(trx, [{ topic: 'event.message', payload: { eventMessageId }, requestId: actor.requestId }]);
    return eventMessageId;
  });
  return getAnnouncement(actor, { eventId, messageId: id });
}

/** Returns an announcement with its progress. @throws AppError NOT_FOUND, FORBIDDEN */
export async function getAnnouncement(actor: Actor, { eventId, messageId }: { eventId: number; messageId: number }) {
  await getManagedEvent(database, actor, eventId);
  const row = await findAnnouncement(database, messageId);
  if (row?.eventId !== eventId) throw new AppError('NOT_FOUND', 'Message not found.');
  return present(row);
}

/** Lists the announcements of an event, newest first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listAnnouncements(actor: Actor, query: { eventId: number; page: number; limit: number }) {
  await getManagedEvent(database, actor, query.eventId);
  const { rows, total } = await listRows(database, {
    eventId: query.eventId,
    limit: query.limit,
    offset: getOffset(query),
  });
  return toPage(rows.map(present), query, { total });
}
