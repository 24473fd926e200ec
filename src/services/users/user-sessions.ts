import { runInTransaction } from '../../database';
import type { Actor } from '../../lib/actor';
import { recordActivity } from '../audit/record-activity';
import { endSessions, listSessions } from '../sessions/start-and-end-sessions';
import { getUser } from './manage-users';

/** Lists where a user is signed in. @throws AppError NOT_FOUND */
export async function listUserSessions(actor: Actor, userId: number, paging: { page: number; limit: number }) {
  await getUser(userId);
  return listSessions({ ...actor, userId }, paging);
}

/** Ends all sessions of a user, for example because a device was lost. @throws AppError NOT_FOUND */
export async function endUserSessions(actor: Actor, userId: number): Promise<void> {
  await getUser(userId);
  await runInTransaction(async (trx) => {
    const ended = await endSessions(trx, { userId });
    const details = { sessions: ended.length };
    await recordActivity(trx, actor, { action: 'user.end_sessions', subjectId: userId, details });
  });
}
