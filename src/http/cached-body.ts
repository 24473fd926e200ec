import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { matchesEtag } from './etags';

/** A response body that is shared by many requests. */
export interface CachedBody {
  bytes: Buffer;
  /** Compressed on first use. */
  zipped?: Promise<Buffer>;
  etag: string;
}

const MIN_COMPRESSED_BYTES = 1024;
const compress = promisify(gzip);

function sendBytes(req: Request, res: Response, { etag, content }: { etag: string; content: Buffer }): void {
  res.setHeader('ETag', etag);
  const known = req.headers['if-none-match'];
  if (known !== undefined && matchesEtag(known, etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.setHeader('Content-Length', content.length);
  res.end(content);
}

async function sendCompressed(req: Request, res: Response, entry: CachedBody): Promise<void> {
  entry.zipped ??= compress(entry.bytes);
  const content = await entry.zipped;
  res.setHeader('Content-Encoding', 'gzip');
  // The ETag is weak, because it was computed from the uncompressed bytes.
  sendBytes(req, res, { etag: entry.etag.startsWith('W/') ? entry.etag : `W/${entry.etag}`, content });
}

/** Sends the body, compressed (once) if the client accepts gzip, or 304 if the client already has it. */
export async function sendCachedBody(req: Request, res: Response, entry: CachedBody): Promise<void> {
  const accepted = req.headers['accept-encoding'];
  const isZipped =
    entry.bytes.length >= MIN_COMPRESSED_BYTES &&
    accepted?.includes('gzip') === true &&
    req.acceptsEncodings('gzip') === 'gzip';
  if (isZipped) await sendCompressed(req, res, entry);
  else sendBytes(req, res, { etag: entry.etag, content: entry.bytes });
}
