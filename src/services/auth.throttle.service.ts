import { database, type Trx } from '../database';
import { AppError } from '../errors';
import { isPasswordOf } from '../integrations/passwords';
import { networkOf } from '../lib/network';
import { deleteFailures, findFailures, insertFailure, type Attempt } from '../models/auth.throttle.model';
import { derive } from './secrets.service';

const MOST_SECONDS = 900;
export const FORGET_SECONDS = 86_400;
const BACKOFF = { free: 5, firstSeconds: 30, mostSeconds: MOST_SECONDS, forgetSeconds: FORGET_SECONDS };

function accountHash(email: string): Buffer {
  return derive('account', email);
}

function refusal(waitSeconds: number): AppError {
  return new AppError('RATE_LIMITED', 'Too many wrong passwords: wait a little, or reset your password.', {
    retryAfter: waitSeconds,
  });
}

async function refuseWhileWaiting(attempt: Attempt): Promise<{ hasFailures: boolean }> {
  const found = await findFailures(database, attempt);
  if (found && found.waitSeconds > 0) throw refusal(found.waitSeconds);
  return { hasFailures: found !== undefined };
}

export interface Claim {
  /** In lower case. */
  email: string;
  password: string;
  /** Undefined where there is no such account: the answer is the same, and takes as long. */
  hash: string | undefined;
  ip: string;
}

/**
 * Whether the password is right. Wrong ones are counted per account and network, so that whoever guesses elsewhere doesn't lock the owner out.
 * @throws AppError RATE_LIMITED after too many wrong ones, whatever the password; UNAVAILABLE
 */
export async function provePassword({ email, password, hash, ip }: Claim): Promise<boolean> {
  const attempt = { accountHash: accountHash(email), network: networkOf(ip) };
  await refuseWhileWaiting(attempt);
  if (!(await isPasswordOf(password, hash))) {
    if ((await insertFailure(database, attempt, BACKOFF)) === 'refused') await refuseWhileWaiting(attempt);
    return false;
  }
  // Guesses that ran at the same time may have used the free ones up: then a right one must not stand out.
  const { hasFailures } = await refuseWhileWaiting(attempt);
  if (hasFailures) await deleteFailures(database, attempt);
  return true;
}

/** Lets an account's owner start afresh in every network. */
export async function forgetFailures(trx: Trx, email: string): Promise<void> {
  await deleteFailures(trx, { accountHash: accountHash(email) });
}
