import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError, createValidationError } from '../../errors';
import { isImage, type FileType } from '../../lib/files/file-keys';
import { HEAD_BYTES, isPlainText, detectByMagic } from '../../lib/files/file-type';
import type { Upload } from '../../lib/files/upload';

const TAIL_BYTES = 1024;

async function readPart(path: string, start: number, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function detectType({ path }: Upload): Promise<FileType | undefined> {
  const known = detectByMagic(await readPart(path, 0, HEAD_BYTES));
  if (known) return known;
  return (await isPlainText(createReadStream(path))) ? 'text/plain' : undefined;
}

/**
 * Detects the type of an upload from its bytes, regardless of the declared type.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for other types, VALIDATION_ERROR for incomplete files
 */
export async function inspectUpload(upload: Upload, wanted: 'image' | 'any'): Promise<FileType> {
  if (upload.size === 0) throw createValidationError('file', 'is empty');
  const type = await detectType(upload);
  if (!type || (wanted === 'image' && !isImage(type)))
    throw new AppError(
      'UNSUPPORTED_MEDIA_TYPE',
      wanted === 'image' ? 'Send a JPEG, PNG or WebP image.' : 'Send a JPEG, PNG or WebP image, a PDF or plain text.',
    );
  if (type === 'application/pdf') {
    const end = await readPart(upload.path, Math.max(0, upload.size - TAIL_BYTES), TAIL_BYTES);
    if (!end.includes('%%EOF')) throw createValidationError('file', 'is incomplete');
  }
  return type;
}
