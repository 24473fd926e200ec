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
 * For what asks the password again of somebody who is signed in.
 * @throws AppError VALIDATION_ERROR about the named field, RATE_LIMITED
 */
export async function assertPassword(
  actor: Actor,
  caller: Caller,
  { field, password }: { field: string; password: string },
): Promise<void> {
  const { email, passwordHash } = await getAccount(database, actor.userId);
  if (!(await verifyPassword({ email, password, hash: passwordHash, ip: caller.ip })))
    throw createValidationError(field, 'is wrong');
}

/** Every other session ends. @throws AppError VALIDATION_ERROR, RATE_LIMITED */
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

/** Does the same whether there is such an account or not, and takes as long. */
export async function requestPasswordReset(email: string, caller: Caller): Promise<void> {
  await runInTransaction(async (trx) => {
    const account = await findAccountByAddress(trx, email);
    await sendToken(trx, { purpose: 'reset_password', userId: account?.id ?? null, requestId: caller.requestId });
  });
}

/** Every session ends; the address counts as verified, since the token came there. @throws AppError VALIDATION_ERROR */
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
