import jwt from 'jsonwebtoken';
import { config } from '../../config';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { confirmBearer } from './confirm-bearer';
import { assertNotRevoked } from './revocations';
import { getBoardPassKey } from '../secrets.service';

const ISSUER = 'bilten';
const TYPE = 'board';

type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

/** Signs a pass that gives an admin's browser access to the queue board only. */
export function signBoardPass({ userId, role, sessionId }: Bearer): string {
  return jwt.sign({ sub: String(userId), role, sid: sessionId, typ: TYPE }, getBoardPassKey(), {
    algorithm: 'HS256',
    issuer: ISSUER,
    expiresIn: config.accessTokenSeconds,
  });
}

function readPass(pass: string): Bearer {
  try {
    const { sub, role, sid, typ } = jwt.verify(pass, getBoardPassKey(), {
      algorithms: ['HS256'],
      issuer: ISSUER,
    }) as jwt.JwtPayload;
    if (typ !== TYPE) throw new Error('The claims are not those of a pass.');
    return { userId: Number(sub), role: role as Actor['role'], sessionId: sid as number };
  } catch (error) {
    throw new AppError('UNAUTHORIZED', 'Sign in at /admin.', { cause: error });
  }
}

/** Verifies a pass. Called on every request, because the session or role may have ended. @throws AppError UNAUTHORIZED, ACCOUNT_SUSPENDED, FORBIDDEN */
export async function verifyBoardPass(pass: string): Promise<void> {
  const { bearer } = await confirmBearer(readPass(pass));
  const { role } = assertNotRevoked(bearer);
  if (role !== 'admin') throw new AppError('FORBIDDEN', 'Only an admin may do this.');
}
