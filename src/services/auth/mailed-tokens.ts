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
import { PRIORITY } from '../../lib/priority';
import { addMessages } from '../outbox/add-messages';
import { deriveToken, hashToken } from '../secrets.service';
import { getAccount } from '../users/accounts';

const HOUR_SECONDS = 3600;
const TOKEN_LENGTH = 16;
// A reset can be used for an hour: whoever asks more often has one that works.
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

// What goes into the mail can't be made without our key, so that its message need not carry it. An id alone could come again after a restore.
// Short enough for a phone's line and for typing: 16 of 22 letters and digits are 71 bits, which nobody guesses within days.
function createMailToken({ id, userId, purpose, expiresAt }: Origin): string {
  return toReadable(deriveToken('mailed-token', `${purpose} ${id} ${userId} ${expiresAt.getTime()}`), TOKEN_LENGTH);
}

/** As it was mailed, however it was typed in: in lower case, or with blanks or hyphens. */
function hashTyped(token: string): Buffer {
  const plain = token.replace(/[\s-]/g, '').toUpperCase();
  return hashToken(plain.length === TOKEN_LENGTH ? plain : token);
}

interface TokenRequest {
  purpose: TokenPurpose;
  /** Null where there is no such account: what is done takes as long, and nothing is sent. */
  userId: number | null;
  requestId: string;
}

/** Has a single-use token sent to the user's address, unless enough were sent there within the hour: then it only looks like it. */
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
  await addMessages(trx, [{ topic, payload: { userTokenId: origin.id }, priority: PRIORITY.urgent, requestId }]);
}

/** What a mail about a token needs. */
export interface MailedToken {
  token: string;
  expiresAt: Date;
  user: { id: number; email: string; isVerified: boolean; firstName: string | null; locale: string; timezone: string };
}

/** For whoever writes the mail of `user.verification` and `user.password_reset`; undefined where there is nothing to send (any more). */
export async function findMailedToken(db: Db, userTokenId: number): Promise<MailedToken | undefined> {
  const found = await findOpenToken(db, userTokenId);
  if (!found) return undefined;
  const { id, email, emailVerified, firstName, locale, timezone } = await getAccount(db, found.userId);
  const user = { id, email, isVerified: emailVerified, firstName, locale, timezone };
  return { token: createMailToken(found), expiresAt: found.expiresAt, user };
}

export function createInvalidTokenError(): AppError {
  return createValidationError('token', 'is wrong, used or expired: ask for a new one');
}

/** The user of a token that could be used now. @throws AppError VALIDATION_ERROR */
export async function getTokenUser(purpose: TokenPurpose, token: string): Promise<number> {
  const userId = await findOpenTokenUser(database, { purpose, tokenHash: hashTyped(token) });
  if (userId === undefined) throw createInvalidTokenError();
  return userId;
}

/** Whether this token was used to verify an address that still counts as verified. */
export async function hasVerified(db: Db, token: string): Promise<boolean> {
  const userId = await findUserOfUsedToken(db, { purpose: 'verify_email', tokenHash: hashTyped(token) });
  return userId !== undefined && (await getAccount(db, userId)).emailVerified;
}

/** Uses the token up and gives its user; undefined where it cannot be used. */
export async function tryRedeemToken(trx: Trx, purpose: TokenPurpose, token: string): Promise<number | undefined> {
  return updateTokenUsed(trx, { purpose, tokenHash: hashTyped(token) });
}

/** Uses the token up and gives its user. @throws AppError VALIDATION_ERROR */
export async function redeemToken(trx: Trx, purpose: TokenPurpose, token: string): Promise<number> {
  const userId = await tryRedeemToken(trx, purpose, token);
  if (userId === undefined) throw createInvalidTokenError();
  return userId;
}
