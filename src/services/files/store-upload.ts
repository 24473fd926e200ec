import { createReadStream } from 'node:fs';
import { config } from '../../config';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import { renderImage } from '../../integrations/images';
import { discard, createIncomingPath } from '../../integrations/incoming';
import { storage } from '../../integrations/storage';
import type { Actor } from '../../lib/actor';
import { isImage, createKey, getVariantKey, type FileType } from '../../lib/files/file-keys';
import type { Upload } from '../../lib/files/upload';
import { logger } from '../../logger';
import {
  deleteFile,
  findTag,
  insertFile,
  sumBytesOfOwner,
  updateStored,
  type FilePurpose,
  type FileRow,
  type NewFile,
} from '../../models/files.model';
import { inspectUpload } from './inspect-upload';
import { addObjectsDeletedMessages } from './manage-files';
import { runOnce } from '../idempotency.service';
import { lockAccountById } from '../users/accounts';

interface PreparedObject {
  key: string;
  path: string;
  size: number;
  width: number | null;
  height: number | null;
}

/** Prepares the objects of an upload, the main object first. Rendered images are separate files. */
async function prepare({ path, size }: Upload, type: FileType): Promise<PreparedObject[]> {
  const key = createKey(type, await findTag(database));
  if (!isImage(type)) return [{ key, path, size, width: null, height: null }];
  const base = await createIncomingPath();
  const getPath = (width?: number) => (width === undefined ? base : `${base}-${width}`);
  const images = await renderImage({ path, type }, getPath);
  return images.map((image, index) => ({ ...image, key: index === 0 ? key : getVariantKey(key, image.width) }));
}

/** Deletes an unfinished upload; the worker then removes its objects from the store. */
async function abandon({ id }: FileRow, actor: Actor): Promise<void> {
  await runInTransaction(async (trx) => {
    const deleted = await deleteFile(trx, { id, status: 'pending' });
    if (deleted) await addObjectsDeletedMessages(trx, [deleted], actor.requestId);
  }).catch((error: Error) =>
    logger.warn({ err: error, fileId: id, requestId: actor.requestId }, 'A failed upload will be cleaned up later'),
  );
}

async function putAll(objects: PreparedObject[], contentType: FileType): Promise<void> {
  for (const { key, path } of objects) await storage().put(key, createReadStream(path), { contentType });
}

const MB = 1024 * 1024;

/** Inserts the row of a file, unless its owner would exceed their quota. @throws AppError PAYLOAD_TOO_LARGE */
async function addFile(file: NewFile): Promise<FileRow> {
  return runInTransaction(async (trx) => {
    // Serialized per owner, so that each upload counts the ones before it.
    await lockAccountById(trx, file.ownerId);
    const added = file.size + file.variants.reduce((sum, { size }) => sum + size, 0);
    const quota = config.filesQuotaMb * MB;
    if (quota > 0 && (await sumBytesOfOwner(trx, file.ownerId)) + added > quota)
      throw new AppError(
        'PAYLOAD_TOO_LARGE',
        `Your files may use ${config.filesQuotaMb} MB in total: delete some before you upload this one.`,
      );
    return insertFile(trx, file);
  });
}

interface UploadPurpose<T> {
  purpose: FilePurpose;
  /** Uses the file in the transaction that stores it. */
  use: (trx: Trx, file: FileRow) => Promise<T>;
}

/**
 * Stores an upload as a file: first a pending row, then the objects, then the transaction that uses it. If this ends early,
 * the clean-up finds the pending row. A repeated request gets the result of the first one.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, PAYLOAD_TOO_LARGE, UNAVAILABLE, and those of `use`
 */
export async function storeUpload<T>(actor: Actor, upload: Upload, { purpose, use }: UploadPurpose<T>): Promise<T> {
  if (actor.once?.earlier) return actor.once.earlier.value as T;
  const type = await inspectUpload(upload, purpose === 'file' ? 'any' : 'image');
  const objects = await prepare(upload, type);
  try {
    const [{ key, size, width, height }, ...variants] = objects as [PreparedObject, ...PreparedObject[]];
    const file = await addFile({
      ownerId: actor.userId,
      key,
      purpose,
      originalName: upload.originalName,
      mimetype: type,
      size,
      width,
      height,
      variants: variants.map((each) => ({ key: each.key, width: each.width!, height: each.height!, size: each.size })),
    });
    let isUsed = false;
    try {
      await putAll(objects, type);
      const result = await runOnce(actor, async (trx) => {
        if (!(await updateStored(trx, file.id))) throw new AppError('UNAVAILABLE', 'The upload took too long.');
        const used = await use(trx, file);
        isUsed = true;
        return used;
      });
      // Another process has already handled the same request.
      if (!isUsed) await abandon(file, actor);
      return result;
    } catch (error) {
      await abandon(file, actor);
      throw error;
    }
  } finally {
    await discard(...objects.map(({ path }) => path));
  }
}
