import { database } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { INT4_MAX } from '../../lib/ids';
import { createBatcher } from '../../lib/batcher';
import { listSessionAccess, type SessionAccess } from '../../models/access.model';
import { recordAlikeUsers, recordVerifiedUser } from '../users/verified-users';

type Bearer = Pick<Actor, 'userId' | 'role' | 'sessionId'>;

const LOOKUP_PACE_MS = 10;

// One query serves all tokens that arrived since the one before, so a rush of new callers costs few queries.
const findSessionAccess = createBatcher(
  async (sessionIds: number[]) => {
    const rows = await listSessionAccess(database, [...new Set(sessionIds)]);
    const bySession = new Map(rows.map((row) => [row.sessionId, row]));
    return sessionIds.map((id): SessionAccess | undefined => bySession.get(id));
  },
  { paceMs: LOOKUP_PACE_MS },
);

export interface ConfirmedAccess {
  bearer: Bearer;
  /** When the session ends at the latest (ms since the epoch). */
  lastAt: number;
}

/**
 * Returns the bearer named in a token with their current role. A valid signature is not enough: the session must exist, belong to
 * the user, and not have ended.
 * @throws AppError UNAUTHORIZED, ACCOUNT_SUSPENDED
 */
export async function confirmBearer({ userId, sessionId }: Bearer): Promise<ConfirmedAccess> {
  const found = sessionId > INT4_MAX ? undefined : await findSessionAccess(sessionId);
  if (found?.userId !== userId) throw new AppError('UNAUTHORIZED', 'The access token is not valid.');
  if (found.isOver) throw new AppError('UNAUTHORIZED', 'This session has ended: sign in again.');
  if (found.status === 'suspended') throw new AppError('ACCOUNT_SUSPENDED');
  if (found.isVerified) recordVerifiedUser(userId);
  if (found.alikeUserIds) recordAlikeUsers(userId, found.alikeUserIds);
  return { bearer: { userId, sessionId, role: found.role }, lastAt: found.lastAt };
}
