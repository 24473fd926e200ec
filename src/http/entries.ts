import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { matches } from './etags';

/** Bytes that many may get. */
export interface Entry {
  bytes: Buffer;
  /** Made when somebody first asks for it. */
  zipped?: Promise<Buffer>;
  etag: string;
}

const LEAST_ZIPPED = 1024;
const zip = promisify(gzip);

function sendBytes(req: Request, res: Response, { etag, content }: { etag: string; content: Buffer }): void {
  res.setHeader('ETag', etag);
  const known = req.headers['if-none-match'];
  if (known !== undefined && matches(known, etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.setHeader('Content-Length', content.length);
  res.end(content);
}

async function sendZipped(req: Request, res: Response, entry: Entry): Promise<void> {
  entry.zipped ??= zip(entry.bytes);
  const content = await entry.zipped;
  res.setHeader('Content-Encoding', 'gzip');
  // Weak, since these are not the bytes that were hashed.
  sendBytes(req, res, { etag: entry.etag.startsWith('W/') ? entry.etag : `W/${entry.etag}`, content });
}

/** Answers with these bytes, zipped once for all who take that, or with 304 to whoever has them. */
export async function sendEntry(req: Request, res: Response, entry: Entry): Promise<void> {
  const accepted = req.headers['accept-encoding'];
  const isZipped =
    entry.bytes.length >= LEAST_ZIPPED &&
    accepted?.includes('gzip') === true &&
    req.acceptsEncodings('gzip') === 'gzip';
  if (isZipped) await sendZipped(req, res, entry);
  else sendBytes(req, res, { etag: entry.etag, content: entry.bytes });
}
