import type { Actor } from '../../lib/actor';
import type { Upload } from '../../lib/files/upload';
import { getFile } from './manage-files';
import { storeUpload } from './store-upload';

/** @throws AppError UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, UNAVAILABLE */
export async function createFile(actor: Actor, upload: Upload) {
  const { id } = await storeUpload(actor, upload, { purpose: 'file', use: async (_trx, file) => ({ id: file.id }) });
  return getFile(actor, id);
}
