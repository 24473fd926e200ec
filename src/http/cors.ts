import cors from 'cors';
import type { RequestHandler } from 'express';
import { config } from '../config';
import { EXPOSED_HEADERS, isAllowedOrigin, toAllowedOrigins } from '../lib/cors';

const origins = toAllowedOrigins(config.frontendOrigins, config);

// `true` reflects the origin, since credentials rule out a wildcard.
const answer = cors({ origin: true, credentials: true, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });

/** Lets the front ends call the API from a browser; others get an answer that their browser keeps from them. */
export const crossOrigin: RequestHandler = (req, res, next) => {
  const { origin } = req.headers;
  if (origin !== undefined && isAllowedOrigin(origin, origins)) return answer(req, res, next);
  res.vary('Origin');
  next();
};
