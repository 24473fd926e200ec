import { config } from '../../config';
import { runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Caller } from '../../lib/actor';
import { lockRefreshToken, updateRefreshToken } from '../../models/sessions.model';
import { signAccessToken } from '../access/access-tokens';
import { deriveToken, hashToken } from '../secrets.service';
import { endSessions, type TokenPair } from './start-and-end-sessions';
import { getAccount } from '../users/accounts';

/** Within this time, two tabs that refresh at once get the same successor. After it, reuse means that the token was stolen. */
const GRACE_SECONDS = 10;

// Derived with our key, so the holder of a spent token cannot compute its successor.
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
 * Exchanges a refresh token for a new pair of tokens.
 * @throws AppError UNAUTHORIZED, ACCOUNT_SUSPENDED
 */
export async function refreshSession(refreshToken: string, caller: Caller): Promise<TokenPair> {
  const outcome = await runInTransaction((trx) => rotate(trx, refreshToken, caller));
  if (outcome === 'reused')
    throw new AppError('UNAUTHORIZED', 'This refresh token was already used, so the session has ended: sign in again.');
  if (outcome === 'refused') throw new AppError('UNAUTHORIZED', 'The refresh token is not valid: sign in again.');
  return outcome;
}
