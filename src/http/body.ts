import express, { type Request, type RequestHandler, type Response } from 'express';
import { AppError } from '../errors';
import type { Source } from './validate';

const MAX_BODY = '1mb';

const parseJson = express.json({ limit: MAX_BODY, strict: false });
const parseForm = express.urlencoded({ limit: MAX_BODY, extended: false });

const parseRaw = express.raw({ limit: MAX_BODY, type: () => true });

function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void middleware(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

/** Reads a JSON or form body; says which it was, since forms spell numbers out. @throws AppError UNSUPPORTED_MEDIA_TYPE */
export async function readBody(req: Request, res: Response): Promise<Extract<Source, 'json' | 'form'>> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  if (!hasBody) {
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
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
}

/** The body's bytes; none where it has none. */
export async function readRawBody(req: Request, res: Response): Promise<Buffer> {
  await run(parseRaw, req, res);
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}
