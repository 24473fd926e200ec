import type { Readable } from 'node:stream';
import { database } from '../../database';
import { AppError } from '../../errors';
import { storage } from '../../integrations/storage';
import { getFileType, getMainKey, isImage, isKey, isOfferedWidth, type FileType } from '../../lib/files/file-keys';
import { findFileByKey } from '../../models/files.model';
import { isSigned, type LinkProof } from './file-urls';

export interface ServedFile {
  content: Readable;
  size: number;
  type: FileType;
  /** The file name for downloading a document; undefined for images, which are displayed. */
  saveAs: string | undefined;
}

const FILE_NOT_FOUND = 'File not found.';

/** Returns the name of a document. @throws AppError NOT_FOUND, FORBIDDEN without a valid link */
async function getDownloadName(key: string, proof: LinkProof): Promise<string> {
  if (!isSigned(key, proof)) throw new AppError('FORBIDDEN', 'This link is invalid or has expired: request a new one.');
  const file = await findFileByKey(database, key);
  if (!file) throw new AppError('NOT_FOUND', FILE_NOT_FOUND);
  return file.originalName;
}

/** Opens an object for a caller that may read it. The content must be read to its end or destroyed. @throws AppError NOT_FOUND, UNAVAILABLE */
export async function openFile(key: string): Promise<Readable> {
  const object = await storage().open(key);
  if (!object) throw new AppError('NOT_FOUND', FILE_NOT_FOUND);
  return object.content;
}

/** Opens the image itself if it is narrower than the width that was asked for. */
async function openNarrower(key: string) {
  return isImage(getFileType(key)) && isOfferedWidth(key) ? storage().open(getMainKey(key)) : undefined;
}

/** Opens a file. The caller must read its content to the end or destroy it. @throws AppError NOT_FOUND, FORBIDDEN, UNAVAILABLE */
export async function serveFile(key: string, proof: LinkProof): Promise<ServedFile> {
  if (!isKey(key)) throw new AppError('NOT_FOUND', FILE_NOT_FOUND);
  const type = getFileType(key);
  const saveAs = isImage(type) ? undefined : await getDownloadName(key, proof);
  const object = (await storage().open(key)) ?? (await openNarrower(key));
  if (!object) throw new AppError('NOT_FOUND', FILE_NOT_FOUND);
  return { ...object, type, saveAs };
}
