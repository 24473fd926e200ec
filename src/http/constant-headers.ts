import type { Request, RequestHandler, Response } from 'express';

/** Returns middleware that sets the same headers on every response. They are computed once: helmet alone would call a dozen functions per request. */
export function cacheConstantHeaders(
  middleware: (req: Request, res: Response, next: () => void) => void,
): RequestHandler {
  const headers: [name: string, value: string][] = [];
  const recorder = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  };
  middleware({} as Request, recorder as unknown as Response, () => undefined);
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}
