import express, { type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import { AppError } from '../errors';
import type { Source } from './validate';

const MAX_BODY = '1mb';

const parseJson = express.json({ limit: MAX_BODY, strict: false });
const parseForm = express.urlencoded({ limit: MAX_BODY, extended: false });

// Text fields alone: one file would be one too many.
const parseMultipart = multer({ limits: { fields: 5, parts: 5, fieldSize: 1024, fieldNameSize: 100 } }).none();

const parseRaw = express.raw({ limit: MAX_BODY, type: () => true });

function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void middleware(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads a JSON or form body; says which it was, since forms spell numbers out.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE
 */
export async function readBody(
  req: Request,
  res: Response,
  { takesMultipart = false } = {},
): Promise<Extract<Source, 'json' | 'form'>> {
  if (!hasBody(req)) {
    req.body = {};
    return 'json';
  }
  if (req.is('application/json')) {
    await run(parseJson, req, res);
    return 'json';
  }
  if (req.is('application/x-www-form-urlencoded')) {
    await run(parseForm, req, res);
    return 'form';
  }
  if (takesMultipart && req.is('multipart/form-data')) {
    await run(parseMultipart, req, res).catch((cause: unknown) => {
      const message = 'The form is not valid multipart/form-data, or has too many fields.';
      throw new AppError('VALIDATION_ERROR', message, { cause });
    });
    // Multer gives fields an object without a prototype.
    req.body = { ...(req.body as object) };
    return 'form';
  }
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
}

/** The body's bytes; none where it has none. */
export async function readRawBody(req: Request, res: Response): Promise<Buffer> {
  await run(parseRaw, req, res);
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}
