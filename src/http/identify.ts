import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { findKnownActor, getAccess } from '../services/access/access-tokens';
import type { Access } from './route';

interface Identity {
  actor?: Actor;
  /** Why the token was rejected. */
  refusal?: AppError;
}

declare module 'express-serve-static-core' {
  interface Request {
    identity?: Identity;
  }
}

function getToken(header: string): string {
  const [scheme, token] = header.split(' ', 2);
  if (scheme?.toLowerCase() !== 'bearer' || !token)
    throw new AppError('UNAUTHORIZED', 'Send the access token as `Authorization: Bearer <token>`.');
  return token;
}

function toRefusal(error: unknown): Identity {
  if (!(error instanceof AppError)) throw error;
  return { refusal: error };
}

/** Returns synchronously for a token that this process knows, which is the usual case. */
function findIdentity(header: string, requestId: string): Identity | Promise<Identity> {
  try {
    const token = getToken(header);
    const known = findKnownActor(token);
    if (known) return { actor: { ...known, requestId } };
    return getAccess(token).then(
      ({ userId, role, sessionId }) => ({ actor: { userId, role, sessionId, requestId } }),
      toRefusal,
    );
  } catch (error) {
    return toRefusal(error);
  }
}

/** Identifies the caller once per request; `assertAccess` decides what the caller can use. */
export function identify(req: Request, res: Response, next: NextFunction): void {
  const header = req.headers.authorization;
  if (header === undefined) return next();
  const found = findIdentity(header, res.locals.requestId as string);
  const proceed = (identity: Identity): void => {
    req.identity = identity;
    next();
  };
  if (found instanceof Promise) found.then(proceed, next);
  else proceed(found);
}

/** Rejects an invalid token even on public routes, so that its sender renews it instead of being treated as signed out. */
export function rejectInvalidToken(req: Request, _res: Response, next: NextFunction): void {
  next(req.identity?.refusal);
}

/** Returns the caller of a route. @throws AppError 401 or 403 if the caller has no access */
export function assertAccess(req: Request, access: Access): Actor | undefined {
  const { actor, refusal } = req.identity ?? {};
  if (access === 'public') return actor;
  if (!actor) throw refusal ?? new AppError('UNAUTHORIZED');
  if (access === 'admin' && actor.role !== 'admin') throw new AppError('FORBIDDEN', 'Only an admin may do this.');
  if (access === 'organizer' && actor.role === 'customer')
    throw new AppError('FORBIDDEN', 'Only an organizer may do this.');
  return actor;
}
