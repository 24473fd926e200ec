import type { NextFunction, Request, Response } from 'express';
import morgan from 'morgan';
import { config } from '../config';
import { getOtherMetrics, type RouteMetrics } from '../integrations/metrics';
import { recordResponse } from '../runtime/response-times';
import { logger, writeToLog } from '../logger';

// As nginx has it: the client left before its answer was out.
const CLIENT_LEFT = 499;

/** The path to log: without the query, and without a token that is part of it. */
function getLoggedPath(req: Request, res: Response): string {
  return (res.locals.loggedPath as string | undefined) ?? req.originalUrl.split('?', 1)[0]!;
}

function logStructured(req: Request, res: Response, ms: number): void {
  logger.info(
    {
      requestId: res.locals.requestId as string,
      method: req.method,
      path: getLoggedPath(req, res),
      status: res.statusCode,
      ms: Math.round(ms * 100) / 100,
      userId: req.identity?.actor?.userId,
      traceId: res.locals.traceId as string | undefined,
      isAborted: res.writableFinished ? undefined : true,
    },
    'request',
  );
}

// For people. Production's lines are for machines, as are those that name a trace.
const isReadable = config.nodeEnv === 'development' && config.otlpEndpoint === undefined;

morgan.token<Request, Response>('url', getLoggedPath);
const logReadable = morgan<Request, Response>(process.stdout.isTTY ? 'dev' : 'tiny', {
  stream: { write: writeToLog },
  skip: () => !logger.isLevelEnabled('info'),
});

/** One line per request, and its place in the metrics, when its response is sent or its client gone. */
export function accessLog(req: Request, res: Response, next: NextFunction): void {
  const start = performance.now();
  res.once('close', () => {
    const ms = performance.now() - start;
    const metrics = (res.locals.metrics as RouteMetrics | undefined) ?? getOtherMetrics(req.method);
    metrics.observe(res.writableFinished ? res.statusCode : CLIENT_LEFT, ms);
    recordResponse(ms, res.statusCode);
    if (!isReadable) logStructured(req, res, ms);
  });
  if (isReadable) logReadable(req, res, next);
  else next();
}
