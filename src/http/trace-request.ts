import type { NextFunction, Request, Response } from 'express';
import { traceRequest } from '../integrations/tracing';

/** Runs the request within its trace, and sets the trace id for the log. Undefined if tracing is off. */
export const traced =
  traceRequest &&
  ((_req: Request, res: Response, next: NextFunction): void => {
    const { traceId, end } = traceRequest!(res.locals.requestId as string);
    res.locals.traceId = traceId;
    res.once('close', end);
    next();
  });
