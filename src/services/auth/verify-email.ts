import { runInTransaction } from '../../database';
import type { Actor } from '../../lib/actor';
import { hasVerified, sendToken, createInvalidTokenError, tryRedeemToken } from './mailed-tokens';
import { confirmEmail, getAccount } from '../users/accounts';

/** Verifies an address. Repeating it succeeds, because some mail programs open links before their users do. @throws AppError VALIDATION_ERROR */
export async function verifyEmail(token: string): Promise<void> {
  await runInTransaction(async (trx) => {
    const userId = await tryRedeemToken(trx, 'verify_email', token);
    if (userId !== undefined) await confirmEmail(trx, userId);
    else if (!(await hasVerified(trx, token))) throw createInvalidTokenError();
  });
}

/** Sends a new verification token, unless the address is already verified. */
export async function resendVerification(actor: Actor): Promise<void> {
  await runInTransaction(async (trx) => {
    const { id, emailVerified } = await getAccount(trx, actor.userId);
    if (!emailVerified) await sendToken(trx, { purpose: 'verify_email', userId: id, requestId: actor.requestId });
  });
}
