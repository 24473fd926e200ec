import { database } from '../../database';
import { composePasswordReset, composeVerification } from './mail/users';
import { findMailedToken } from '../auth/mailed-tokens';
import { links, sendMail, type Sent } from './notify';
import type { LeasedMessage } from '../outbox/handle-messages';

async function mailToken(
  message: LeasedMessage<'user.verification' | 'user.password_reset'>,
  write: typeof composeVerification,
): Promise<Sent> {
  const mailed = await findMailedToken(database, message.payload.userTokenId);
  // The token was used or has expired, or the address has no account.
  if (!mailed) return undefined;
  const { token, expiresAt, user } = mailed;
  return sendMail(message, {
    recipient: user,
    isAccountMail: true,
    content: write({ token, expiresAt: expiresAt.getTime(), reader: user }, links),
  });
}

export async function mailVerification(message: LeasedMessage<'user.verification'>): Promise<Sent> {
  return mailToken(message, composeVerification);
}

export async function mailPasswordReset(message: LeasedMessage<'user.password_reset'>): Promise<Sent> {
  return mailToken(message, composePasswordReset);
}
