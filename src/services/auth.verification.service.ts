import { runInTransaction } from '../database';
import type { Actor } from '../lib/actor';
import { redeemToken, sendToken } from './auth.tokens.service';
import { confirmEmail, getAccount } from './users.service';

/** @throws AppError VALIDATION_ERROR */
export async function verifyEmail(token: string): Promise<void> {
  await runInTransaction(async (trx) => confirmEmail(trx, await redeemToken(trx, 'verify_email', token)));
}

/** Sends nothing to an address that is verified. */
export async function resendVerification(actor: Actor): Promise<void> {
  await runInTransaction(async (trx) => {
    const { id, emailVerified } = await getAccount(trx, actor.userId);
    if (!emailVerified) await sendToken(trx, { purpose: 'verify_email', userId: id, requestId: actor.requestId });
  });
}
