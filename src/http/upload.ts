import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import Joi, { type Schema } from 'joi';
import multer, { MulterError, type StorageEngine } from 'multer';
import { AppError, createValidationError } from '../errors';
import { discard, receive, type Received } from '../integrations/incoming';
import { MAX_UPLOAD_BYTES, type Upload } from '../lib/files/upload';
import { cutText } from '../lib/text/cut-text';
import { removeUnseen } from '../lib/text/names';
import { validate } from './validate';

// Allowance for the boundaries, headers and names around the file.
const ENVELOPE_BYTES = 64 * 1024;
const FIELD = 'file';
const MAX_NAME_CHARACTERS = 255;

const TOO_MUCH = new Set([
  'LIMIT_FILE_SIZE',
  'LIMIT_PART_COUNT',
  'LIMIT_FIELD_COUNT',
  'LIMIT_FIELD_KEY',
  'LIMIT_FIELD_VALUE',
]);

/** True if the request has a multipart body. */
export function isUpload({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
}

/** Streams the file to disk. It has no path until it is complete, so multer never removes a file that is still being written. */
const engine: StorageEngine = {
  _handleFile(_req, file, done) {
    receive(file.stream).then(
      (received) => done(null, received),
      (error: Error) => done(error),
    );
  },
  _removeFile(_req, file, done) {
    discard(file.path).then(() => done(null), done);
  },
};

const parse = multer({
  storage: engine,
  defParamCharset: 'utf8',
  limits: {
    fileSize: MAX_UPLOAD_BYTES,
    files: 1,
    fields: 5,
    parts: 6,
    fieldSize: 1024,
    fieldNameSize: 100,
    headerPairs: 20,
  },
}).single(FIELD);

function toAppError(error: unknown, req: Request): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof MulterError) {
    const message = `The upload is too large: one ${FIELD} of at most ${MAX_UPLOAD_BYTES / 1024 / 1024} MB, and nothing else.`;
    if (TOO_MUCH.has(error.code)) return new AppError('PAYLOAD_TOO_LARGE', message);
    return createValidationError(error.field?.slice(0, 100) || FIELD, `send one file, as ${FIELD}`);
  }
  // A system call failed, so the error comes from the disk and not from the parser.
  if ((error as NodeJS.ErrnoException).syscall && !req.destroyed)
    return new AppError('UNAVAILABLE', undefined, { cause: error });
  return new AppError('VALIDATION_ERROR', 'The upload is not valid multipart/form-data, or was cut off.');
}

/** Returns the original file name without path, control characters and invisible formatting, so that it is safe to store and display. */
function toPlainName(name: string): string {
  const plain = removeUnseen(
    Buffer.from(name)
      .toString()
      .replaceAll(/[\ufffe\uffff]/g, ''),
  )
    .replace(/^.*[/\\]/s, '')
    .trim();
  return cutText(plain, { max: MAX_NAME_CHARACTERS, measure: (text) => [...text].length }) || FIELD;
}

/** The fields of an upload that has none. */
const NO_FIELDS = Joi.object({});

export interface UploadForm {
  upload: Upload;
  fields: object;
}

/**
 * Reads the single file of a multipart body to disk, and its text fields. The caller must call `discardUpload` afterwards in
 * every case. Sets `req.body` to the fields and the name and digest of the file, which identify the upload.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, VALIDATION_ERROR, UNAVAILABLE
 */
export async function readUpload(req: Request, res: Response, schema: Schema = NO_FIELDS): Promise<UploadForm> {
  const length = Number(req.headers['content-length'] ?? 0);
  const hasBody = req.headers['transfer-encoding'] !== undefined || length > 0;
  if (!hasBody) throw createValidationError(FIELD, 'is required');
  if (!isUpload(req)) throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as multipart/form-data.');
  if (length > MAX_UPLOAD_BYTES + ENVELOPE_BYTES) throw toAppError(new MulterError('LIMIT_FILE_SIZE'), req);
  if (req.headers.expect !== undefined) res.writeContinue();
  await new Promise<void>((resolve, reject) => {
    parse(req, res, (error: unknown) => (error ? reject(toAppError(error, req)) : resolve()));
  });
  // Multer creates the fields object without a prototype, and Joi overlooks a field of this name.
  if (Object.keys(req.body as object).includes('__proto__')) throw createValidationError('__proto__', 'is not allowed');
  const fields = validate(schema, { ...(req.body as object) }, { source: 'form' }) as object;
  if (!req.file) throw createValidationError(FIELD, 'is required');
  const { path, size, digest, originalname } = req.file as unknown as Received & { originalname: string };
  const originalName = toPlainName(originalname);
  req.body = { ...fields, originalName, digest };
  return { upload: { path, size, originalName }, fields };
}

export async function discardUpload({ file }: Request): Promise<void> {
  if (file) await discard(file.path);
}
