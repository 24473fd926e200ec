import { config } from '../../config';
import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor, Role } from '../../lib/actor';
import {
  completePreferences,
  mergePreferences,
  requiredMailKinds,
  type Kind,
  type NotificationPreferences,
  type StoredPreferences,
} from '../../lib/notification-preferences';
import { toE164 } from '../../lib/phone';
import {
  findAccount,
  findAccountByEmail,
  insertUser,
  lockAccount,
  lockAdmins,
  updateEmailVerified,
  updateLastLogin,
  updateUser,
  type AccountRow,
  type UserValues,
} from '../../models/users/accounts';
import { getPublicUrlOrNull } from '../files/file-urls';

/** The public fields of a user; the profile adds preferences and the logo. */
export type User = Omit<
  AccountRow,
  'passwordHash' | 'status' | 'accessChangedAt' | 'notificationPreferences' | 'logoKey'
>;
export type Profile = User & {
  notificationPreferences: NotificationPreferences;
  /** Kinds of mail that cannot be disabled. */
  requiredNotifications: readonly string[];
  logoUrl: string | null;
};
export type Account = AccountRow;

export interface UpdateProfile {
  firstName?: string | null;
  lastName?: string | null;
  phone?: string | null;
  locale?: string;
  timezone?: string;
  notificationPreferences?: StoredPreferences;
}

export function toUser({
  passwordHash: _hash,
  status: _status,
  accessChangedAt: _changed,
  notificationPreferences: _preferences,
  logoKey: _logo,
  ...user
}: Account): User {
  return user;
}

function toProfile(account: Account): Profile {
  return {
    ...toUser(account),
    notificationPreferences: completePreferences(account.notificationPreferences),
    requiredNotifications: requiredMailKinds,
    logoUrl: getPublicUrlOrNull(account.logoKey),
  };
}

// Text messages need a number with its country code.
function assertReachable(phone: string | null, preferences: StoredPreferences): void {
  if (phone && Object.values(preferences.sms ?? {}).includes(true) && !toE164(phone))
    throw createValidationError('phone', 'needs its country code, such as +431234567, for text messages');
}

/** Returns an account with its password hash, for services that verify passwords. `email` must be in lower case. */
export async function findAccountByAddress(db: Db, email: string): Promise<Account | undefined> {
  return findAccountByEmail(db, email);
}

/** @throws AppError NOT_FOUND */
export async function getAccount(db: Db, userId: number): Promise<Account> {
  const account = await findAccount(db, userId);
  if (!account) throw new AppError('NOT_FOUND');
  return account;
}

/** Step: locks the account against other changes. @throws AppError NOT_FOUND */
export async function lockAccountById(trx: Trx, userId: number): Promise<Account> {
  const account = await lockAccount(trx, userId);
  if (!account) throw new AppError('NOT_FOUND');
  return account;
}

/** Step: blocks other changes of who is an admin. Must be called before any account is locked. */
export async function lockAdminRoles(trx: Trx): Promise<void> {
  await lockAdmins(trx);
}

export async function getProfile(actor: Actor): Promise<Profile> {
  return toProfile(await getAccount(database, actor.userId));
}

function emptyToNull<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value === '' ? null : (value as unknown)]),
  ) as T;
}

/**
 * Changes the given fields; an empty string clears a field.
 * @throws AppError VALIDATION_ERROR if text messages are enabled and the phone number cannot receive them
 */
export async function updateProfile(
  actor: Actor,
  { notificationPreferences, ...fields }: UpdateProfile,
): Promise<Profile> {
  return runInTransaction(async (trx) => {
    const account = await lockAccountById(trx, actor.userId);
    const preferences =
      notificationPreferences && mergePreferences(account.notificationPreferences, notificationPreferences);
    if (preferences?.sms || fields.phone !== undefined)
      assertReachable(
        fields.phone === undefined ? account.phone : fields.phone,
        preferences ?? account.notificationPreferences,
      );
    const updated = await updateUser(trx, actor.userId, {
      ...emptyToNull(fields),
      notificationPreferences: preferences,
    });
    return toProfile(updated!);
  });
}

/** @throws AppError USER_EXISTS */
export async function createUser(
  trx: Trx,
  values: Partial<UserValues> & Pick<UserValues, 'email' | 'passwordHash'> & { role: Role },
): Promise<Account> {
  return insertUser(trx, values);
}

export async function changePasswordHash(trx: Trx, userId: number, passwordHash: string): Promise<void> {
  await updateUser(trx, userId, { passwordHash });
}

export async function confirmEmail(trx: Trx, userId: number): Promise<void> {
  await updateEmailVerified(trx, userId);
}

/**
 * Records a login and returns the user; undefined if the password has changed since the account was read.
 * Locks the account, so that a session started with an old password ends with the others.
 */
export async function recordLogin(trx: Trx, account: Account): Promise<User | undefined> {
  const lastLoginAt = await updateLastLogin(trx, account.id, account.passwordHash);
  return lastLoginAt && { ...toUser(account), lastLoginAt };
}

/** @throws AppError EMAIL_NOT_VERIFIED if publishing requires a verified address and this user has none */
export async function assertVerifiedEmail(db: Db, userId: number): Promise<void> {
  if (!config.requireVerifiedEmail) return;
  const { emailVerified } = await getAccount(db, userId);
  if (!emailVerified)
    throw new AppError('EMAIL_NOT_VERIFIED', 'Verify your email address before you publish anything.');
}

/** Returns the locale of a user; undefined if there is no such user. */
export async function findLocale(userId: number): Promise<string | undefined> {
  return (await findAccount(database, userId))?.locale;
}

/** Disables this kind of mail for a user. */
export async function disableMail(userId: number, kind: Kind): Promise<void> {
  await runInTransaction(async (trx) => {
    const account = await lockAccount(trx, userId);
    if (!account) return;
    const notificationPreferences = mergePreferences(account.notificationPreferences, { email: { [kind]: false } });
    await updateUser(trx, userId, { notificationPreferences });
  });
}
