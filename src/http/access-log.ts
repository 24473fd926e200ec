import type { NextFunction, Request, Response } from 'express';
import morgan from 'morgan';
import { config } from '../config';
import { getOtherMetrics, type RouteMetrics } from '../integrations/metrics';
import { recordResponse } from '../runtime/response-times';
import { logger, writeToLog } from '../logger';

// The status nginx logs when the client disconnects before the response is sent.
const CLIENT_LEFT = 499;

/** Returns the path to log, without the query and without any token in the path. */
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

// Development logs are for people. Production logs and logs with trace ids are for machines, so they stay structured.
const isReadable = config.nodeEnv === 'development' && config.otlpEndpoint === undefined;

morgan.token<Request, Response>('url', getLoggedPath);
const logReadable = morgan<Request, Response>(process.stdout.isTTY ? 'dev' : 'tiny', {
  stream: { write: writeToLog },
  skip: () => !logger.isLevelEnabled('info'),
});

/** Logs each request in one line and records its metrics, once the response is sent or the client has disconnected. */
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
