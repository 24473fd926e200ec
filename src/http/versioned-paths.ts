import type { NextFunction, Request, Response } from 'express';

const VERSION = '/api/v1';

/**
 * Serves `/api/v1/…` exactly like `/api/…`, of which there is one version so far. Comes first, so that nothing behind it can treat
 * the two in different ways; logs show the path as it was sent.
 */
export function versionedPaths(req: Request, _res: Response, next: NextFunction): void {
  const { url } = req;
  const after = url[VERSION.length];
  if (url.startsWith(VERSION) && (after === undefined || after === '/' || after === '?'))
    req.url = `/api${url.slice(VERSION.length)}`;
  next();
}
