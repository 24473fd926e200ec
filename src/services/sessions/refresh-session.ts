import { config } from '../../config';
import { runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Caller } from '../../lib/actor';
import { lockRefreshToken, updateRefreshToken } from '../../models/sessions.model';
import { signAccessToken } from '../access/access-tokens';
import { deriveToken, hashToken } from '../secrets.service';
import { endSessions, type TokenPair } from './start-and-end-sessions';
import { getAccount } from '../users/accounts';

/** Two tabs refresh at the same time: both get the same successor. Whoever comes later than this has a stolen token, or its thief has. */
const GRACE_SECONDS = 10;

// Whoever holds a spent token can't tell its successor without our key.
function deriveSuccessor(refreshToken: string): string {
  return deriveToken('refresh-token', refreshToken).toString('base64url');
}

async function rotate(
  trx: Trx,
  refreshToken: string,
  { ip, userAgent }: Caller,
): Promise<TokenPair | 'refused' | 'reused'> {
  const token = await lockRefreshToken(trx, { tokenHash: hashToken(refreshToken), graceSeconds: GRACE_SECONDS });
  if (!token || token.isSessionOver) return 'refused';
  const { id, sessionId, userId, isSpent, isJustSpent } = token;
  if (isSpent && !isJustSpent) {
    await endSessions(trx, { userId, only: sessionId });
    return 'reused';
  }
  const account = await getAccount(trx, userId);
  if (account.status === 'suspended') throw new AppError('ACCOUNT_SUSPENDED');
  const successor = deriveSuccessor(refreshToken);
  if (!isSpent)
    await updateRefreshToken(trx, {
      id,
      sessionId,
      ip,
      userAgent,
      successorHash: hashToken(successor),
      lifeSeconds: config.refreshTokenSeconds,
    });
  return { token: signAccessToken({ userId, role: account.role, sessionId }), refreshToken: successor };
}

/**
 * A new pair for a refresh token, which is spent by it.
 * @throws AppError UNAUTHORIZED, ACCOUNT_SUSPENDED
 */
export async function refreshSession(refreshToken: string, caller: Caller): Promise<TokenPair> {
  const outcome = await runInTransaction((trx) => rotate(trx, refreshToken, caller));
  if (outcome === 'reused')
    throw new AppError('UNAUTHORIZED', 'This refresh token was used before: the session has ended, sign in again.');
  if (outcome === 'refused') throw new AppError('UNAUTHORIZED', 'The refresh token is not valid: sign in again.');
  return outcome;
}
