import type { Actor } from '../lib/actor';
import type { Upload } from '../lib/upload';
import { getFile } from './files.service';
import { keepUpload } from './files.store.service';

/** @throws AppError UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, UNAVAILABLE */
export async function createFile(actor: Actor, upload: Upload) {
  const { id } = await keepUpload(actor, upload, { purpose: 'file', use: async (_trx, file) => ({ id: file.id }) });
  return getFile(actor, id);
}
