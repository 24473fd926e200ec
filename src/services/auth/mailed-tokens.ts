import { database, type Db, type Trx } from '../../database';
import { createValidationError, type AppError } from '../../errors';
import { toReadable } from '../../runtime/references';
import {
  countRecentTokens,
  findOpenToken,
  findOpenTokenUser,
  findUserOfUsedToken,
  insertUserToken,
  reserveTokenId,
  updateTokenUsed,
  type TokenPurpose,
} from '../../models/auth/user-tokens';
import { addMessages } from '../outbox/add-messages';
import { deriveToken, hashToken } from '../secrets.service';
import { getAccount } from '../users/accounts';

const HOUR_SECONDS = 3600;
const TOKEN_LENGTH = 16;
// A reset token is valid for an hour, so users who request more already have one that works.
const MAX_PER_HOUR: Record<TokenPurpose, number> = { verify_email: 5, reset_password: 3 };
const KINDS: Record<TokenPurpose, { topic: 'user.verification' | 'user.password_reset'; lifeSeconds: number }> = {
  verify_email: { topic: 'user.verification', lifeSeconds: 48 * HOUR_SECONDS },
  reset_password: { topic: 'user.password_reset', lifeSeconds: HOUR_SECONDS },
};

interface Origin {
  id: number;
  userId: number | null;
  purpose: TokenPurpose;
  expiresAt: Date;
}

// The token is derived with our key, so the message does not have to carry it. It includes more than the id, because a database restore
// may reuse ids. It is short enough to type: 16 of 22 letters and digits are 71 bits, which cannot be guessed within days.
function createMailToken({ id, userId, purpose, expiresAt }: Origin): string {
  return toReadable(deriveToken('mailed-token', `${purpose} ${id} ${userId} ${expiresAt.getTime()}`), TOKEN_LENGTH);
}

/** Hashes a token as it was typed: in lower case, or with spaces or hyphens. */
function hashTyped(token: string): Buffer {
  const plain = token.replace(/[\s-]/g, '').toUpperCase();
  return hashToken(plain.length === TOKEN_LENGTH ? plain : token);
}

interface TokenRequest {
  purpose: TokenPurpose;
  /** Null if there is no such account. The request then takes the same time, but nothing is sent. */
  userId: number | null;
  requestId: string;
}

/** Sends a single-use token to the user's address. Above the hourly limit it only pretends to. */
export async function sendToken(trx: Trx, { purpose, userId, requestId }: TokenRequest): Promise<void> {
  const { topic, lifeSeconds } = KINDS[purpose];
  const recent = await countRecentTokens(trx, { userId, purpose });
  const origin = {
    id: await reserveTokenId(trx),
    userId: recent < MAX_PER_HOUR[purpose] ? userId : null,
    purpose,
    expiresAt: new Date(Date.now() + lifeSeconds * 1000),
  };
  await insertUserToken(trx, { ...origin, tokenHash: hashToken(createMailToken(origin)) });
  await addMessages(trx, [{ topic, payload: { userTokenId: origin.id }, requestId }]);
}

/** The data for a mail with a token. */
export interface MailedToken {
  token: string;
  expiresAt: Date;
  user: { id: number; email: string; isVerified: boolean; firstName: string | null; locale: string; timezone: string };
}

/** Returns the data for the mails of `user.verification` and `user.password_reset`; undefined if nothing is to be sent, or no longer. */
export async function findMailedToken(db: Db, userTokenId: number): Promise<MailedToken | undefined> {
  const found = await findOpenToken(db, userTokenId);
  if (!found) return undefined;
  const { id, email, emailVerified, firstName, locale, timezone } = await getAccount(db, found.userId);
  const user = { id, email, isVerified: emailVerified, firstName, locale, timezone };
  return { token: createMailToken(found), expiresAt: found.expiresAt, user };
}

export function createInvalidTokenError(): AppError {
  return createValidationError('token', 'is invalid, used or expired: request a new one');
}

/** Returns the user of a token that can be used now. @throws AppError VALIDATION_ERROR */
export async function getTokenUser(purpose: TokenPurpose, token: string): Promise<number> {
  const userId = await findOpenTokenUser(database, { purpose, tokenHash: hashTyped(token) });
  if (userId === undefined) throw createInvalidTokenError();
  return userId;
}

/** Returns whether this token has verified an address that is still verified. */
export async function hasVerified(db: Db, token: string): Promise<boolean> {
  const userId = await findUserOfUsedToken(db, { purpose: 'verify_email', tokenHash: hashTyped(token) });
  return userId !== undefined && (await getAccount(db, userId)).emailVerified;
}

/** Redeems a token and returns its user; undefined if it cannot be used. */
export async function tryRedeemToken(trx: Trx, purpose: TokenPurpose, token: string): Promise<number | undefined> {
  return updateTokenUsed(trx, { purpose, tokenHash: hashTyped(token) });
}

/** Redeems a token and returns its user. @throws AppError VALIDATION_ERROR */
export async function redeemToken(trx: Trx, purpose: TokenPurpose, token: string): Promise<number> {
  const userId = await tryRedeemToken(trx, purpose, token);
  if (userId === undefined) throw createInvalidTokenError();
  return userId;
}
