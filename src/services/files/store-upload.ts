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

/** What is to be stored of an upload, the main object first; images lie in files of their own. */
async function prepare({ path, size }: Upload, type: FileType): Promise<PreparedObject[]> {
  const key = createKey(type, await findTag(database));
  if (!isImage(type)) return [{ key, path, size, width: null, height: null }];
  const base = await createIncomingPath();
  const pathOf = (width?: number) => (width === undefined ? base : `${base}-${width}`);
  const images = await renderImage({ path, type }, pathOf);
  return images.map((image, index) => ({ ...image, key: index === 0 ? key : getVariantKey(key, image.width) }));
}

/** Takes an unfinished upload back: the worker removes what of it is in the store. */
async function abandon({ id }: FileRow, actor: Actor): Promise<void> {
  await runInTransaction(async (trx) => {
    const gone = await deleteFile(trx, { id, status: 'pending' });
    if (gone) await addObjectsDeletedMessages(trx, [gone], actor.requestId);
  }).catch((error: Error) =>
    logger.warn({ err: error, fileId: id, requestId: actor.requestId }, 'An upload that failed is cleaned up later'),
  );
}

async function putAll(objects: PreparedObject[], contentType: FileType): Promise<void> {
  for (const { key, path } of objects) await storage().put(key, createReadStream(path), { contentType });
}

const MB = 1024 * 1024;

/** Writes the row of a file, unless its owner's files would come to more than their share. @throws AppError PAYLOAD_TOO_LARGE */
async function addFile(file: NewFile): Promise<FileRow> {
  return runInTransaction(async (trx) => {
    // One at a time: each counts those before it.
    await lockAccountById(trx, file.ownerId);
    const added = file.size + file.variants.reduce((sum, { size }) => sum + size, 0);
    const quota = config.filesQuotaMb * MB;
    if (quota > 0 && (await sumBytesOfOwner(trx, file.ownerId)) + added > quota)
      throw new AppError(
        'PAYLOAD_TOO_LARGE',
        `Your files may take ${config.filesQuotaMb} MB in all: delete some before you add this one.`,
      );
    return insertFile(trx, file);
  });
}

interface Keep<T> {
  purpose: FilePurpose;
  /** What comes of it, in the transaction that makes it a file. */
  use: (trx: Trx, file: FileRow) => Promise<T>;
}

/**
 * Makes a file of an upload: first a row that says what is coming, then the objects, then what follows from it.
 * Wherever that ends early, the row is what the clean-up goes by.
 * A repeated request gets what came of the first one.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, PAYLOAD_TOO_LARGE, UNAVAILABLE, and those of `use`
 */
export async function keepUpload<T>(actor: Actor, upload: Upload, { purpose, use }: Keep<T>): Promise<T> {
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
      // Another process was faster with the same request.
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
