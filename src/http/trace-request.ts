import type { NextFunction, Request, Response } from 'express';
import { traceRequest } from '../integrations/tracing';

/** What follows from a request is part of its trace, and its log line names that. Undefined where nothing is traced. */
export const traced =
  traceRequest &&
  ((_req: Request, res: Response, next: NextFunction): void => {
    const { traceId, end } = traceRequest!(res.locals.requestId as string);
    res.locals.traceId = traceId;
    res.once('close', end);
    next();
  });
