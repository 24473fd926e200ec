import type { NextFunction, Request, Response } from 'express';
import { noteResponse } from '../lib/response-times';
import { logger } from '../logger';

/** One structured line per request, when its answer is out or its client gone; the query is left out, since tokens travel in it. */
export function accessLog(req: Request, res: Response, next: NextFunction): void {
  const start = performance.now();
  res.once('close', () => {
    const ms = performance.now() - start;
    noteResponse(ms, res.statusCode);
    logger.info(
      {
        requestId: res.locals.requestId as string,
        method: req.method,
        path: req.originalUrl.split('?', 1)[0],
        status: res.statusCode,
        ms: Math.round(ms * 100) / 100,
        userId: req.identity?.actor?.userId,
        isAborted: res.writableFinished ? undefined : true,
      },
      'request',
    );
  });
  next();
}
