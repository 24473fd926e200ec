import { database, type Db, type Trx } from '../database';
import { AppError, createValidationError } from '../errors';
import { createLoader } from '../lib/loader';
import {
  tryCountMailToday,
  deleteOldCounts,
  findAddress,
  hasPaidSales,
  type SenderRole,
} from '../models/strangers.model';
import { hashAddress } from './unsubscribe/unsubscribe-links';
import { areUnsubscribed, isUnsubscribed } from './unsubscribe/unsubscribe';

// A stranger is an address without an account, whose owner has not asked us for mail. An address that its account has not verified is
// not counted here, because it already got mail, which has its own limit, when the account was created.

/** The most mails per day to strangers, until the sender has paid sales. */
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

/** Returns whether an address has unsubscribed from all mail. Asked for many at once, because many mails are sent at a time. */
export const isClosedAddress = createLoader((emails: readonly string[]) =>
  areUnsubscribed('all', emails.map(hashAddress)),
);

/** Step: returns whether this sender may cause another mail to a stranger today, and counts it. */
export async function canMailStranger(trx: Trx, sender: Sender): Promise<boolean> {
  if (await hasPaidSales(trx, sender)) return true;
  return tryCountMailToday(trx, { ...sender, limit: MAX_MAILS_PER_DAY[sender.role] });
}

const getSecondsUntilTomorrow = (): number => DAY_SECONDS - (Math.floor(Date.now() / 1000) % DAY_SECONDS);

/**
 * Step: asserts that a request may cause a mail to an address, which may be a stranger's.
 * @throws AppError RATE_LIMITED, VALIDATION_ERROR for `email` if the address has unsubscribed from all mail
 */
export async function assertMayMail(trx: Trx, email: string, sender: Sender): Promise<void> {
  if (!(await isStranger(trx, email))) return;
  if (await isUnsubscribed(trx, { kind: 'all', addressHash: hashAddress(email) }))
    throw createValidationError('email', 'has unsubscribed from our mail');
  if (!(await canMailStranger(trx, sender)))
    throw new AppError(
      'RATE_LIMITED',
      `At most ${MAX_MAILS_PER_DAY[sender.role]} mails per day can be sent to people without an account.`,
      { retryAfter: getSecondsUntilTomorrow() },
    );
}

/** Deletes the mail counts of past days. Returns how many. */
export async function cleanUpStrangerCounts(): Promise<number> {
  return deleteOldCounts(database, RETENTION_DAYS);
}
