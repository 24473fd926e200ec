import { database, runInTransaction } from '../../database';
import { storage } from '../../integrations/storage';
import { repeatInChunks } from '../../lib/chunks';
import { getMainKey, getTag } from '../../lib/files/file-keys';
import { deleteAbandonedFiles, findTag, listKnownKeys } from '../../models/files.model';
import { addObjectsDeletedMessages } from './manage-files';
import type { LeasedMessage } from '../outbox/handle-messages';

// Longer than any upload takes.
const ABANDONED_MINUTES = 60;
const CLEANUP_CHUNK_SIZE = 500;

/** Removes the objects of a file whose row was deleted. */
export async function handleFileDeleted({ payload }: LeasedMessage<'file.deleted'>): Promise<void> {
  for (const key of payload.keys) await storage().remove(key);
}

/** Deletes abandoned uploads; the worker then removes their objects from the store. Returns how many. */
export async function deleteAbandonedUploads(): Promise<number> {
  const before = new Date(Date.now() - ABANDONED_MINUTES * 60_000);
  const parts = await storage().dropUnfinished(before);
  const rows = await repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) =>
    runInTransaction(async (trx) => {
      const gone = await deleteAbandonedFiles(trx, { minutes: ABANDONED_MINUTES, limit });
      await addObjectsDeletedMessages(trx, gone, null);
      return gone.length;
    }),
  );
  return parts + rows;
}

async function removeUnknown(keys: string[]): Promise<number> {
  const known = await listKnownKeys(database, [...new Set(keys.map(getMainKey))]);
  const unknown = keys.filter((key) => !known.has(getMainKey(key)));
  for (const key of unknown) await storage().remove(key);
  return unknown.length;
}

/** Removes objects of this installation without a row, such as after a restore of the database. Returns how many. */
export async function removeOrphans(): Promise<number> {
  const before = Date.now() - ABANDONED_MINUTES * 60_000;
  const tag = await findTag(database);
  let chunk: string[] = [];
  let count = 0;
  for await (const { key, modifiedAt } of storage().list()) {
    if (modifiedAt.getTime() >= before || getTag(key) !== tag) continue;
    chunk.push(key);
    if (chunk.length < CLEANUP_CHUNK_SIZE) continue;
    count += await removeUnknown(chunk);
    chunk = [];
  }
  return count + (await removeUnknown(chunk));
}
