import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { serveFile } from '../services/files/serve-file';
import { matchesEtag } from './etags';
import { rejectMethod } from './mount';

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

async function send(req: Request<{ key: string }>, res: Response): Promise<void> {
  const { key } = req.params;
  const proof = { expires: toText(req.query.expires), signature: toText(req.query.signature) };
  const { content, size, type, saveAs } = await serveFile(key, proof);
  const etag = `"${key}"`;
  // `attachment` guesses a type from the file name; the real type, set next, overrides it.
  if (saveAs !== undefined) res.attachment(saveAs);
  res.setHeader('Content-Type', type === 'text/plain' ? 'text/plain; charset=utf-8' : type);
  res.setHeader('Content-Length', size);
  res.setHeader('ETag', etag);
  // The content of a key never changes.
  res.setHeader('Cache-Control', saveAs === undefined ? 'public, max-age=31536000, immutable' : 'private, no-store');
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  // Front ends on other origins show these files.
  res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  const isKnown = saveAs === undefined && matchesEtag(req.get('If-None-Match'), etag);
  if (isKnown || req.method === 'HEAD') {
    content.destroy();
    if (isKnown) {
      res.removeHeader('Content-Length');
      res.status(304);
    }
    res.end();
    return;
  }
  await pipeline(content, res).catch((error: NodeJS.ErrnoException) => {
    // The client has disconnected.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** Serves uploaded files at /uploads from any store: images publicly, documents by signed link, and neither ever as a page. */
export function fileServer(): Router {
  const router = Router();
  router.get('/uploads/:key', send);
  router.all('/uploads/:key', rejectMethod(['GET', 'HEAD', 'OPTIONS']));
  return router;
}
