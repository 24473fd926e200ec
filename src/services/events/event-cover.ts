import { database, runInTransaction } from '../../database';
import type { Actor } from '../../lib/actor';
import { bumpListVersion } from '../../runtime/list-version';
import type { Upload } from '../../lib/files/upload';
import { updateCover } from '../../models/events/events';
import { recordActivity } from '../audit/record-activity';
import { getManagedEvent, lockManagedEvent, assertOpen } from './event-access';
import { getEvent, type TaggedEvent } from './get-event';
import { replaceFile } from '../files/manage-files';
import { storeUpload } from '../files/store-upload';

/** Asserts that the actor may change the cover, before the upload is read. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED */
export async function assertMayChangeCover(actor: Actor, eventId: number): Promise<void> {
  assertOpen(await getManagedEvent(database, actor, eventId));
}

/**
 * Replaces the cover of an event and deletes the previous one.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, UNAVAILABLE
 */
export async function replaceCover(
  actor: Actor,
  { eventId, upload }: { eventId: number; upload: Upload },
): Promise<TaggedEvent> {
  await storeUpload(actor, upload, {
    purpose: 'cover',
    async use(trx, { key }) {
      const event = await lockManagedEvent(trx, actor, eventId);
      assertOpen(event);
      await updateCover(trx, eventId, key);
      await replaceFile(trx, actor, event.coverKey);
      await recordActivity(trx, actor, { action: 'event.change_cover', subjectId: eventId });
    },
  });
  bumpListVersion();
  return getEvent(actor, eventId);
}

/** Removes the cover of an event; does nothing if it has none. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED */
export async function removeCover(actor: Actor, eventId: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const event = await lockManagedEvent(trx, actor, eventId);
    assertOpen(event);
    if (event.coverKey === null) return;
    await updateCover(trx, eventId, null);
    await replaceFile(trx, actor, event.coverKey);
    await recordActivity(trx, actor, { action: 'event.remove_cover', subjectId: eventId });
  });
  bumpListVersion();
}
