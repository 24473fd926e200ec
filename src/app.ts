import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { config } from './config';
import { AppError } from './errors';
import { accessLog } from './http/access-log';
import { cacheConstantHeaders } from './http/constant-headers';
import { crossOrigin } from './http/cors';
import { docs } from './http/pages/docs';
import { site } from './http/pages/site';
import { errorHandler } from './http/error-handler';
import { fileServer } from './http/file-server';
import { identify, rejectInvalidToken } from './http/identify';
import { board } from './http/pages/queue-board';
import { mailbox } from './http/pages/mailbox';
import { mount } from './http/mount';
import { operations } from './http/operations';
import { limiters } from './http/rate-limits';
import { requestId } from './http/request-id';
import type { Route } from './http/route';
import { traced } from './http/trace-request';
import { versionedPaths } from './http/versioned-paths';
import { routes } from './routes';

function trustProxy(value: string): boolean | number | string {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^\d+$/.test(value) ? Number(value) : value;
}

const securityHeaders = cacheConstantHeaders(helmet());

const compressResponses = compression({ threshold: 1024 });

// The library hooks into every response, so it is skipped for the many API clients that do not ask for compression.
const compress: RequestHandler = (req, res, next) => {
  if (req.headers['accept-encoding'] !== undefined) return compressResponses(req, res, next);
  res.vary('Accept-Encoding');
  next();
};

/** Creates the HTTP application without listening. `served` lets benchmarks add routes to compare with. */
export function createApp(served: Route[] = routes): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustProxy(config.trustProxy));
  app.set('query parser', 'simple');
  app.use(versionedPaths);
  app.use(requestId);
  app.use(securityHeaders);
  app.use(operations);
  if (traced) app.use(traced);
  app.use(accessLog);
  app.use(crossOrigin);
  app.use(compress);
  app.use('/api', identify, limiters.default, rejectInvalidToken, mount(served), docs(served));
  app.use('/uploads', identify, rejectInvalidToken);
  app.use(fileServer());
  app.use(board());
  app.use(mailbox());
  app.use(site());
  app.use((_req, _res, next) => next(new AppError('NOT_FOUND', 'There is nothing at this path.')));
  app.use(errorHandler);
  return app;
}
