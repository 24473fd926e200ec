import { randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { config } from '../config';
import { AppError } from '../errors';
import type { Actor, Role } from '../lib/actor';
import { refuseEnded } from './access.watch.service';
import { accessTokenKey } from './secrets.service';

const ISSUER = 'bilten';
const ROLES: ReadonlySet<unknown> = new Set<Role>(['customer', 'organizer', 'admin']);

export type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

/** A bearer, and until when (in milliseconds since the epoch) the token lets them in. */
export type Access = Bearer & { expiresAt: number };

interface Verified {
  bearer: Bearer;
  expiresAt: number;
}

const MOST_VERIFIED = 20_000;
// Signatures that were found good, by token, the oldest first. What may end a token early is asked each time.
const verified = new Map<string, Verified>();

export function signAccessToken({ userId, role, sessionId }: Bearer): string {
  // Without an id of its own a token renewed within the second would be the old one.
  const claims = {
    sub: String(userId),
    role,
    sid: sessionId,
    typ: 'access',
    jti: randomBytes(9).toString('base64url'),
  };
  return jwt.sign(claims, accessTokenKey(), {
    algorithm: 'HS256',
    issuer: ISSUER,
    expiresIn: config.accessTokenSeconds,
  });
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function verify(token: string): Verified {
  const { sub, role, sid, typ, exp } = jwt.verify(token, accessTokenKey(), {
    algorithms: ['HS256'],
    issuer: ISSUER,
  }) as jwt.JwtPayload;
  const userId = Number(sub);
  if (typ !== 'access' || exp === undefined || !ROLES.has(role) || !isId(userId) || !isId(sid))
    throw new Error('The claims are not those of an access token.');
  return { bearer: { userId, role: role as Role, sessionId: sid }, expiresAt: exp * 1000 };
}

function verifyOnce(token: string): Verified {
  const known = verified.get(token);
  if (known && known.expiresAt > Date.now()) return known;
  verified.delete(token);
  const fresh = verify(token);
  if (verified.size >= MOST_VERIFIED) verified.delete(verified.keys().next().value!);
  verified.set(token, fresh);
  return fresh;
}

function proven(token: string): Verified {
  try {
    return verifyOnce(token);
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new AppError('TOKEN_EXPIRED');
    throw new AppError('UNAUTHORIZED', 'The access token is not valid.', { cause: error });
  }
}

/**
 * Who holds this access token, with the role of today. Call `knowAccess` first.
 * @throws AppError UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED
 */
export function actorOf(token: string): Bearer {
  return refuseEnded(proven(token).bearer);
}

/** The same, with the end of the token. @throws AppError UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED */
export function accessOf(token: string): Access {
  const { bearer, expiresAt } = proven(token);
  return { ...refuseEnded(bearer), expiresAt };
}
