import { database, runInTransaction } from '../../database';
import { createValidationError } from '../../errors';
import { hashPassword } from '../../integrations/passwords';
import type { Actor, Caller } from '../../lib/actor';
import { updateOtherTokensUsed } from '../../models/auth/user-tokens';
import { recordActivity } from '../audit/record-activity';
import { assertNoOwnWords } from './password-rules';
import { forgetFailures, verifyPassword } from './throttle';
import { redeemToken, getTokenUser, sendToken } from './mailed-tokens';
import { endSessions } from '../sessions/start-and-end-sessions';
import { changePasswordHash, confirmEmail, findAccountByAddress, getAccount } from '../users/accounts';

export interface ChangePassword {
  currentPassword: string;
  newPassword: string;
}

/**
 * Asserts the password of a signed-in user, for actions that ask for it again.
 * @throws AppError VALIDATION_ERROR for the given field, RATE_LIMITED
 */
export async function assertPassword(
  actor: Actor,
  caller: Caller,
  { field, password }: { field: string; password: string },
): Promise<void> {
  const { email, passwordHash } = await getAccount(database, actor.userId);
  if (!(await verifyPassword({ email, password, hash: passwordHash, ip: caller.ip })))
    throw createValidationError(field, 'is incorrect');
}

/** Changes the actor's password and ends their other sessions. @throws AppError VALIDATION_ERROR, RATE_LIMITED */
export async function changePassword(
  actor: Actor,
  caller: Caller,
  { currentPassword, newPassword }: ChangePassword,
): Promise<void> {
  await assertPassword(actor, caller, { field: 'currentPassword', password: currentPassword });
  assertNoOwnWords(newPassword, { field: 'newPassword', ...(await getAccount(database, actor.userId)) });
  const passwordHash = await hashPassword(newPassword);
  await runInTransaction(async (trx) => {
    await changePasswordHash(trx, actor.userId, passwordHash);
    await updateOtherTokensUsed(trx, actor.userId, 'reset_password');
    await endSessions(trx, { userId: actor.userId, except: actor.sessionId });
    await recordActivity(trx, actor, { action: 'user.change_password', subjectId: actor.userId });
  });
}

/** Sends a password reset token. Takes the same time whether or not the account exists, so that it reveals nothing. */
export async function requestPasswordReset(email: string, caller: Caller): Promise<void> {
  await runInTransaction(async (trx) => {
    const account = await findAccountByAddress(trx, email);
    await sendToken(trx, { purpose: 'reset_password', userId: account?.id ?? null, requestId: caller.requestId });
  });
}

/** Sets a new password and ends all sessions. The address becomes verified, because the token was mailed there. @throws AppError VALIDATION_ERROR */
export async function resetPassword({ token, password }: { token: string; password: string }): Promise<void> {
  const owner = await getTokenUser('reset_password', token);
  assertNoOwnWords(password, { field: 'password', ...(await getAccount(database, owner)) });
  const passwordHash = await hashPassword(password);
  await runInTransaction(async (trx) => {
    const userId = await redeemToken(trx, 'reset_password', token);
    const { email } = await getAccount(trx, userId);
    await changePasswordHash(trx, userId, passwordHash);
    await updateOtherTokensUsed(trx, userId, 'reset_password');
    await confirmEmail(trx, userId);
    await forgetFailures(trx, email);
    await endSessions(trx, { userId });
  });
}
