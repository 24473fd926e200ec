import { randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { config } from '../../config';
import { AppError } from '../../errors';
import type { Actor, Role } from '../../lib/actor';
import { confirmBearer } from './confirm-bearer';
import { areRevocationsCurrent, pollRevocations, assertNotRevoked } from './revocations';
import { getAccessTokenKey } from '../secrets.service';

const ISSUER = 'bilten';
const ROLES: ReadonlySet<unknown> = new Set<Role>(['customer', 'organizer', 'admin']);

export type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

/** A bearer, and when the access token expires (ms since the epoch). */
export type Access = Bearer & { expiresAt: number };

interface Verified {
  bearer: Bearer;
  expiresAt: number;
}

const MAX_VERIFIED_TOKENS = 20_000;
// Tokens whose signature and session were verified, oldest first. Revocations are checked on every request.
const verifiedTokens = new Map<string, Verified>();

export function signAccessToken({ userId, role, sessionId }: Bearer): string {
  // Without a unique id, a token renewed within the same second would equal the old one.
  const claims = {
    sub: String(userId),
    role,
    sid: sessionId,
    typ: 'access',
    jti: randomBytes(9).toString('base64url'),
  };
  return jwt.sign(claims, getAccessTokenKey(), {
    algorithm: 'HS256',
    issuer: ISSUER,
    expiresIn: config.accessTokenSeconds,
  });
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function verify(token: string): Verified {
  const { sub, role, sid, typ, exp } = jwt.verify(token, getAccessTokenKey(), {
    algorithms: ['HS256'],
    issuer: ISSUER,
  }) as jwt.JwtPayload;
  const userId = Number(sub);
  if (typ !== 'access' || exp === undefined || !ROLES.has(role) || !isId(userId) || !isId(sid))
    throw new Error('The claims are not those of an access token.');
  return { bearer: { userId, role: role as Role, sessionId: sid }, expiresAt: exp * 1000 };
}

function verifyToken(token: string): Verified {
  try {
    return verify(token);
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) throw new AppError('TOKEN_EXPIRED');
    throw new AppError('UNAUTHORIZED', 'The access token is not valid.', { cause: error });
  }
}

function findVerified(token: string): Verified | undefined {
  const known = verifiedTokens.get(token);
  if (!known || known.expiresAt > Date.now()) return known;
  verifiedTokens.delete(token);
  return undefined;
}

/** Returns a verified token. Its signature and session are checked once and then cached. */
async function getVerified(token: string): Promise<Verified> {
  const known = findVerified(token);
  if (known) return known;
  const claimed = verifyToken(token);
  const { bearer, lastAt } = await confirmBearer(claimed.bearer);
  const fresh = { bearer, expiresAt: Math.min(claimed.expiresAt, lastAt) };
  if (verifiedTokens.size >= MAX_VERIFIED_TOKENS) verifiedTokens.delete(verifiedTokens.keys().next().value!);
  verifiedTokens.set(token, fresh);
  return fresh;
}

/**
 * Returns the bearer of a token with their current role, if this process knows it without a query; else undefined.
 * @throws AppError UNAUTHORIZED, ACCOUNT_SUSPENDED
 */
export function findKnownActor(token: string): Bearer | undefined {
  const known = areRevocationsCurrent() ? findVerified(token) : undefined;
  return known && assertNotRevoked(known.bearer);
}

/** Returns the bearer of a token with their current role, and its expiry. @throws AppError UNAUTHORIZED, TOKEN_EXPIRED, ACCOUNT_SUSPENDED */
export async function getAccess(token: string): Promise<Access> {
  if (!areRevocationsCurrent()) await pollRevocations();
  const { bearer, expiresAt } = await getVerified(token);
  return { ...assertNotRevoked(bearer), expiresAt };
}
