import cors from 'cors';
import type { RequestHandler } from 'express';
import { config } from '../config';
import { EXPOSED_HEADERS, isAllowedOrigin, toAllowedOrigins } from '../lib/cors';

const origins = toAllowedOrigins(config.frontendOrigins, config);

// `true` reflects the origin, because a wildcard is not allowed with credentials.
const allowOrigin = cors({ origin: true, credentials: true, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });

/** Lets the front ends call the API from a browser; for other origins, the browser withholds the response. */
export const crossOrigin: RequestHandler = (req, res, next) => {
  const { origin } = req.headers;
  if (origin !== undefined && isAllowedOrigin(origin, origins)) return allowOrigin(req, res, next);
  res.vary('Origin');
  next();
};
