import type { NextFunction, Request, Response } from 'express';
import { otherFigures, type RouteFigures } from '../integrations/metrics';
import { noteResponse } from '../lib/response-times';
import { logger } from '../logger';

// As nginx has it: the client left before its answer was out.
const CLIENT_LEFT = 499;

/** One structured line per request, and its place in the figures, when its answer is out or its client gone; the query is left out, and so is a path that a token is part of. */
export function accessLog(req: Request, res: Response, next: NextFunction): void {
  const start = performance.now();
  res.once('close', () => {
    const ms = performance.now() - start;
    const figures = (res.locals.figures as RouteFigures | undefined) ?? otherFigures(req.method);
    figures.observe(res.writableFinished ? res.statusCode : CLIENT_LEFT, ms);
    noteResponse(ms, res.statusCode);
    logger.info(
      {
        requestId: res.locals.requestId as string,
        method: req.method,
        path: (res.locals.loggedPath as string | undefined) ?? req.originalUrl.split('?', 1)[0],
        status: res.statusCode,
        ms: Math.round(ms * 100) / 100,
        userId: req.identity?.actor?.userId,
        traceId: res.locals.traceId as string | undefined,
        isAborted: res.writableFinished ? undefined : true,
      },
      'request',
    );
  });
  next();
}
