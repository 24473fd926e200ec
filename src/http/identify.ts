import type { NextFunction, Request, Response } from 'express';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { actorOf } from '../services/access.service';
import { isAccessKnown, readAccess } from '../services/access.watch.service';
import type { Access } from './route';

interface Identity {
  actor?: Actor;
  /** Why the token that came along was refused. */
  refusal?: AppError;
}

declare module 'express-serve-static-core' {
  interface Request {
    identity?: Identity;
  }
}

function identityOf(header: string, requestId: string): Identity {
  try {
    const [scheme, token] = header.split(' ', 2);
    if (scheme?.toLowerCase() !== 'bearer' || !token)
      throw new AppError('UNAUTHORIZED', 'Send the access token as `Authorization: Bearer <token>`.');
    return { actor: { ...actorOf(token), requestId } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { refusal: error };
  }
}

/** Finds out who asks, once per request; whether that is enough is for `admit` to say. */
export function identify(req: Request, res: Response, next: NextFunction): void {
  const header = req.headers.authorization;
  if (header === undefined) return next();
  const go = (): void => {
    req.identity = identityOf(header, res.locals.requestId as string);
    next();
  };
  if (isAccessKnown()) go();
  else readAccess().then(go).catch(next);
}

/** @throws AppError 401 or 403 where the caller may not use a route of this access */
export function admit(req: Request, access: Access): Actor | undefined {
  const { actor, refusal } = req.identity ?? {};
  if (access === 'public') return actor;
  if (!actor) throw refusal ?? new AppError('UNAUTHORIZED');
  if (access === 'admin' && actor.role !== 'admin') throw new AppError('FORBIDDEN', 'Only an admin may do this.');
  if (access === 'organizer' && actor.role === 'customer')
    throw new AppError('FORBIDDEN', 'Only an organizer may do this.');
  return actor;
}
