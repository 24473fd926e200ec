import { database, type Trx } from '../../database';
import { AppError } from '../../errors';
import { matchesHash } from '../../integrations/passwords';
import { getNetwork } from '../../lib/network';
import {
  deleteFailures,
  deleteNetworks,
  ELSEWHERE,
  findWaits,
  insertFailure,
  upsertNetwork,
  type Attempt,
  type Waits,
} from '../../models/auth/throttle';
import { deriveToken } from '../secrets.service';

const MAX_WAIT_SECONDS = 900;
export const FORGET_SECONDS = 86_400;
/** How long a network counts as one that the owner uses. */
export const KNOWN_NETWORK_DAYS = 90;
const BACKOFF = { free: 5, firstSeconds: 30, mostSeconds: MAX_WAIT_SECONDS, forgetSeconds: FORGET_SECONDS };
// Many networks may try a few each, so those where nobody has signed in share a counter, which binds later.
const ELSEWHERE_BACKOFF = { ...BACKOFF, free: 25 };

function hashAccount(email: string): Buffer {
  return deriveToken('account', email);
}

function createThrottleError(waitSeconds: number): AppError {
  return new AppError('RATE_LIMITED', 'Too many wrong passwords: wait a little, or reset your password.', {
    retryAfter: waitSeconds,
  });
}

async function assertNotThrottled(attempt: Attempt): Promise<Waits> {
  const waits = await findWaits(database, attempt);
  const seconds = Math.max(waits.waitSeconds, waits.isKnownNetwork ? 0 : waits.elsewhereSeconds);
  if (seconds > 0) throw createThrottleError(seconds);
  return waits;
}

/** Counts for this network, and for all that nobody has signed in from. */
async function countFailure(attempt: Attempt, { isKnownNetwork }: Waits): Promise<'counted' | 'refused'> {
  const here = await insertFailure(database, attempt, BACKOFF);
  if (here === 'refused' || isKnownNetwork) return here;
  return insertFailure(database, { ...attempt, network: ELSEWHERE }, ELSEWHERE_BACKOFF);
}

export interface PasswordAttempt {
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
export async function verifyPassword({ email, password, hash, ip }: PasswordAttempt): Promise<boolean> {
  const attempt = { accountHash: hashAccount(email), network: getNetwork(ip) };
  const waits = await assertNotThrottled(attempt);
  if (!(await matchesHash(password, hash))) {
    if ((await countFailure(attempt, waits)) === 'refused') await assertNotThrottled(attempt);
    return false;
  }
  // Guesses that ran at the same time may have used the free ones up: then a right one must not stand out.
  const { hasFailures } = await assertNotThrottled(attempt);
  if (hasFailures) await deleteFailures(database, attempt);
  return true;
}

/** Step: guesses from elsewhere will not keep the owner out of this network any more. */
export async function rememberNetwork(trx: Trx, { email, ip }: Pick<PasswordAttempt, 'email' | 'ip'>): Promise<void> {
  await upsertNetwork(trx, { accountHash: hashAccount(email), network: getNetwork(ip) });
}

/** Lets an account's owner start afresh in every network. */
export async function forgetFailures(trx: Trx, email: string): Promise<void> {
  await deleteFailures(trx, { accountHash: hashAccount(email) });
}

/** Step: keeps nothing of where somebody has signed in. */
export async function forgetNetworks(trx: Trx, email: string): Promise<void> {
  await deleteNetworks(trx, hashAccount(email));
}
