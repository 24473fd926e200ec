import { database, type Trx } from '../database';
import { AppError } from '../errors';
import { isPasswordOf } from '../integrations/passwords';
import { networkOf } from '../lib/network';
import {
  deleteFailures,
  deleteNetworks,
  ELSEWHERE,
  findWaits,
  insertFailure,
  upsertNetwork,
  type Attempt,
  type Waits,
} from '../models/auth.throttle.model';
import { derive } from './secrets.service';

const MOST_SECONDS = 900;
export const FORGET_SECONDS = 86_400;
/** How long a network counts as one that the owner uses. */
export const KNOWN_NETWORK_DAYS = 90;
const BACKOFF = { free: 5, firstSeconds: 30, mostSeconds: MOST_SECONDS, forgetSeconds: FORGET_SECONDS };
// Many networks may try a few each, so those where nobody has signed in share a counter, which binds later.
const ELSEWHERE_BACKOFF = { ...BACKOFF, free: 25 };

function accountHash(email: string): Buffer {
  return derive('account', email);
}

function refusal(waitSeconds: number): AppError {
  return new AppError('RATE_LIMITED', 'Too many wrong passwords: wait a little, or reset your password.', {
    retryAfter: waitSeconds,
  });
}

async function refuseWhileWaiting(attempt: Attempt): Promise<Waits> {
  const waits = await findWaits(database, attempt);
  const seconds = Math.max(waits.waitSeconds, waits.isKnownNetwork ? 0 : waits.elsewhereSeconds);
  if (seconds > 0) throw refusal(seconds);
  return waits;
}

/** Counts for this network, and for all that nobody has signed in from. */
async function countFailure(attempt: Attempt, { isKnownNetwork }: Waits): Promise<'counted' | 'refused'> {
  const here = await insertFailure(database, attempt, BACKOFF);
  if (here === 'refused' || isKnownNetwork) return here;
  return insertFailure(database, { ...attempt, network: ELSEWHERE }, ELSEWHERE_BACKOFF);
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
 * Whether the password is right. Wrong ones are counted per account and network, and per account for all networks
 * that nobody has signed in from: guesses from elsewhere never lock the owner out of a network they use.
 * @throws AppError RATE_LIMITED after too many wrong ones, whatever the password; UNAVAILABLE
 */
export async function provePassword({ email, password, hash, ip }: Claim): Promise<boolean> {
  const attempt = { accountHash: accountHash(email), network: networkOf(ip) };
  const waits = await refuseWhileWaiting(attempt);
  if (!(await isPasswordOf(password, hash))) {
    if ((await countFailure(attempt, waits)) === 'refused') await refuseWhileWaiting(attempt);
    return false;
  }
  // Guesses that ran at the same time may have used the free ones up: then a right one must not stand out.
  const { hasFailures } = await refuseWhileWaiting(attempt);
  if (hasFailures) await deleteFailures(database, attempt);
  return true;
}

/** Step: guesses from elsewhere will not keep the owner out of this network any more. */
export async function rememberNetwork(trx: Trx, { email, ip }: Pick<Claim, 'email' | 'ip'>): Promise<void> {
  await upsertNetwork(trx, { accountHash: accountHash(email), network: networkOf(ip) });
}

/** Lets an account's owner start afresh in every network. */
export async function forgetFailures(trx: Trx, email: string): Promise<void> {
  await deleteFailures(trx, { accountHash: accountHash(email) });
}

/** Step: keeps nothing of where somebody has signed in. */
export async function forgetNetworks(trx: Trx, email: string): Promise<void> {
  await deleteNetworks(trx, accountHash(email));
}
