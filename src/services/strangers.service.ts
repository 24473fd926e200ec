import { database, type Db, type Trx } from '../database';
import { AppError, createValidationError } from '../errors';
import { createBatcher } from '../lib/batcher';
import {
  tryCountMailToday,
  deleteOldCounts,
  findAddress,
  hasPaidSales,
  type SenderRole,
} from '../models/strangers.model';
import { hashAddress } from './unsubscribe/unsubscribe-links';
import { areUnsubscribed, isUnsubscribed } from './unsubscribe/unsubscribe';

// A stranger is an address without an account: nobody there has asked us for mail. One that its account has not verified may
// be anybody's, too, but was mailed by us when the account was made, and is counted there.

/** Mails a day to strangers, as long as nobody has paid for anything. */
const MAX_MAILS_PER_DAY: Record<SenderRole, number> = { organizer: 50, booker: 20 };
const RETENTION_DAYS = 7;
const DAY_SECONDS = 86_400;

export interface Sender {
  senderId: number;
  role: SenderRole;
}

async function isStranger(db: Db, email: string): Promise<boolean> {
  return (await findAddress(db, email.toLowerCase())) === undefined;
}

/** Whether an account has shown that this address is its own. */
export async function isVerifiedAddress(db: Db, email: string): Promise<boolean> {
  return (await findAddress(db, email.toLowerCase()))?.isVerified ?? false;
}

/** Whether somebody there has said that no mail of ours is wanted at all. Mails go out many at a time, and are looked up in sets. */
export const isClosedAddress = createBatcher((emails: string[]) => areUnsubscribed('all', emails.map(hashAddress)));

/** Step: whether this sender may cause one more mail to a stranger today; counts it. */
export async function canMailStranger(trx: Trx, sender: Sender): Promise<boolean> {
  if (await hasPaidSales(trx, sender)) return true;
  return tryCountMailToday(trx, { ...sender, limit: MAX_MAILS_PER_DAY[sender.role] });
}

const getSecondsUntilTomorrow = (): number => DAY_SECONDS - (Math.floor(Date.now() / 1000) % DAY_SECONDS);

/**
 * Step: for a request that has somebody mailed who may be a stranger.
 * @throws AppError RATE_LIMITED, VALIDATION_ERROR about `email` where no mail is wanted there
 */
export async function assertMayMail(trx: Trx, email: string, sender: Sender): Promise<void> {
  if (!(await isStranger(trx, email))) return;
  if (await isUnsubscribed(trx, { kind: 'all', addressHash: hashAddress(email) }))
    throw createValidationError('email', 'takes no mail from us');
  if (!(await canMailStranger(trx, sender)))
    throw new AppError(
      'RATE_LIMITED',
      `At most ${MAX_MAILS_PER_DAY[sender.role]} mails a day go to people without an account.`,
      { retryAfter: getSecondsUntilTomorrow() },
    );
}

/** Forgets the counts of days gone by. Returns how many. */
export async function cleanUpStrangerCounts(): Promise<number> {
  return deleteOldCounts(database, RETENTION_DAYS);
}
