import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const WELL_FORMED = /^[\w.:-]{1,128}$/;

/** Uses the caller's `X-Request-Id` if it is well formed, otherwise generates one, and returns it in the response. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const given = req.get('X-Request-Id');
  const id = given && WELL_FORMED.test(given) ? given : randomUUID();
  res.locals.requestId = id;
  res.setHeader('X-Request-Id', id);
  next();
}
