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
/** How long a network counts as one that the account's owner uses. */
export const KNOWN_NETWORK_DAYS = 90;
const BACKOFF = { free: 5, firstSeconds: 30, mostSeconds: MAX_WAIT_SECONDS, forgetSeconds: FORGET_SECONDS };
// An attacker may try a few passwords from each of many networks, so all unknown networks share a counter with a higher limit.
const ELSEWHERE_BACKOFF = { ...BACKOFF, free: 25 };

function hashAccount(email: string): Buffer {
  return deriveToken('account', email);
}

function createThrottleError(waitSeconds: number): AppError {
  return new AppError('RATE_LIMITED', 'Too many wrong passwords: try again later, or reset your password.', {
    retryAfter: waitSeconds,
  });
}

async function assertNotThrottled(attempt: Attempt): Promise<Waits> {
  const waits = await findWaits(database, { ...attempt, mostSeconds: MAX_WAIT_SECONDS });
  const seconds = Math.max(waits.waitSeconds, waits.isKnownNetwork ? 0 : waits.elsewhereSeconds);
  if (seconds > 0) throw createThrottleError(seconds);
  return waits;
}

/** Counts a failure for this network and, if it is unknown, for all unknown networks. */
async function countFailure(attempt: Attempt, { isKnownNetwork }: Waits): Promise<'counted' | 'refused'> {
  const here = await insertFailure(database, attempt, BACKOFF);
  if (here === 'refused' || isKnownNetwork) return here;
  return insertFailure(database, { ...attempt, network: ELSEWHERE }, ELSEWHERE_BACKOFF);
}

export interface PasswordAttempt {
  /** In lower case. */
  email: string;
  password: string;
  /** Undefined if there is no such account; the response is the same and takes the same time. */
  hash: string | undefined;
  ip: string;
}

/**
 * Returns whether the password is correct. Failures are counted per account and network, and per account for all unknown networks
 * together, so guesses from elsewhere never lock owners out of a network they use.
 * @throws AppError RATE_LIMITED after too many failures, even for the correct password; UNAVAILABLE
 */
export async function verifyPassword({ email, password, hash, ip }: PasswordAttempt): Promise<boolean> {
  const attempt = { accountHash: hashAccount(email), network: getNetwork(ip) };
  const waits = await assertNotThrottled(attempt);
  if (!(await matchesHash(password, hash))) {
    if ((await countFailure(attempt, waits)) === 'refused') await assertNotThrottled(attempt);
    return false;
  }
  // Concurrent guesses may have reached the limit; the correct one must then not stand out.
  const { hasFailures } = await assertNotThrottled(attempt);
  if (hasFailures) await deleteFailures(database, attempt);
  return true;
}

/** Step: records a network that the owner uses, so that guesses from elsewhere cannot lock them out of it. */
export async function rememberNetwork(trx: Trx, { email, ip }: Pick<PasswordAttempt, 'email' | 'ip'>): Promise<void> {
  await upsertNetwork(trx, { accountHash: hashAccount(email), network: getNetwork(ip) });
}

/** Step: deletes the failures of an account in all networks. */
export async function forgetFailures(trx: Trx, email: string): Promise<void> {
  await deleteFailures(trx, { accountHash: hashAccount(email) });
}

/** Step: deletes the networks from which an account has signed in. */
export async function forgetNetworks(trx: Trx, email: string): Promise<void> {
  await deleteNetworks(trx, hashAccount(email));
}
