import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import multer from 'multer';
import { AppError } from '../errors';
import { countJsonValues, OutOfBounds } from './body-bounds';
import type { Source } from './validate';

/** The maximum body size of a route unless it sets its own, and the maximum of all routes. */
export const MAX_BODY_BYTES = 64 * 1024;
export const MAX_LARGE_BODY_BYTES = 1024 * 1024;

const MANY_VALUES = 5000;
const MAX_FORM_FIELDS = 300;

// Parses text fields only; any file is rejected.
const parseMultipart = multer({ limits: { fields: 5, parts: 5, fieldSize: 1024, fieldNameSize: 100 } }).none();

/** The number of values in the JSON body of each request. */
const valueCounts = new WeakMap<IncomingMessage, number>();

function countValues(req: IncomingMessage, _res: unknown, text: Buffer): void {
  valueCounts.set(req, countJsonValues(text));
}

interface Parsers {
  json: RequestHandler;
  form: RequestHandler;
}

const parsersByLimit = new Map<number, Parsers>();

function getParsers(limit: number): Parsers {
  let parsers = parsersByLimit.get(limit);
  if (!parsers) {
    parsers = {
      json: express.json({ limit, strict: false, verify: countValues }),
      form: express.urlencoded({ limit, extended: false, parameterLimit: MAX_FORM_FIELDS }),
    };
    parsersByLimit.set(limit, parsers);
  }
  return parsers;
}

const parseRaw = express.raw({ limit: MAX_LARGE_BODY_BYTES, type: () => true });

function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void middleware(req, res, (error?: unknown) =>
      error ? reject(error instanceof OutOfBounds ? error.failure : error) : resolve(),
    );
  });
}

export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

export interface BodyForm {
  /** Forms send numbers as text. */
  source: Extract<Source, 'json' | 'form'>;
  valueCount: number;
}

/**
 * Reads a JSON or form body and returns which it was.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, VALIDATION_ERROR
 */
export async function readBody(
  req: Request,
  res: Response,
  { maxBodyBytes = MAX_BODY_BYTES, multipart = false }: { maxBodyBytes?: number; multipart?: boolean } = {},
): Promise<BodyForm> {
  const parsers = getParsers(maxBodyBytes);
  if (!hasBody(req)) {
    req.body = {};
    return { source: 'json', valueCount: 0 };
  }
  if (req.is('application/json')) {
    await run(parsers.json, req, res);
    const valueCount = valueCounts.get(req) ?? 0;
    // Parsing and validating a large body both block the process, so let other requests run in between.
    if (valueCount > MANY_VALUES) await nextTurn();
    return { source: 'json', valueCount };
  }
  if (req.is('application/x-www-form-urlencoded')) {
    await run(parsers.form, req, res);
    return { source: 'form', valueCount: 0 };
  }
  if (multipart && req.is('multipart/form-data')) {
    await run(parseMultipart, req, res).catch((cause: unknown) => {
      const message = 'The form is not valid multipart/form-data, or has too many fields.';
      throw new AppError('VALIDATION_ERROR', message, { cause });
    });
    // Multer creates the fields object without a prototype.
    req.body = { ...(req.body as object) };
    return { source: 'form', valueCount: 0 };
  }
  throw new AppError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.');
}

/** Returns the bytes of the body; empty if there is none. */
export async function readRawBody(req: Request, res: Response): Promise<Buffer> {
  await run(parseRaw, req, res);
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}
