import { getBrokenConstraint, type Db, type Trx } from '../../database';
import type { Column } from '../../database.query';
import { AppError } from '../../errors';
import type { Role } from '../../lib/actor';
import type { StoredPreferences } from '../../lib/notification-preferences';
import type { AccountStatus } from '../access.model';
import { toColumns } from '../columns';

export interface AccountRow {
  id: number;
  email: string;
  passwordHash: string;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  role: Role;
  status: AccountStatus;
  emailVerified: boolean;
  locale: string;
  timezone: string;
  notificationPreferences: StoredPreferences;
  logoKey: string | null;
  lastLoginAt: Date | null;
  accessChangedAt: Date;
  createdAt: Date;
}

/** What may be written; names are those of the columns in camelCase. */
export interface UserValues {
  email: string;
  passwordHash: string;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  role: Role;
  status: AccountStatus;
  locale: string;
  timezone: string;
  notificationPreferences: StoredPreferences;
  logoKey: string | null;
}

const ACCOUNT = `id, email, password_hash AS "passwordHash", first_name AS "firstName", last_name AS "lastName", phone, role, status,
  email_verified_at IS NOT NULL AS "emailVerified", locale, timezone, notification_preferences AS "notificationPreferences", logo_key AS "logoKey",
  last_login_at AS "lastLoginAt", access_changed_at AS "accessChangedAt", created_at AS "createdAt"`;

const COLUMNS = {
  email: 'email',
  passwordHash: 'password_hash',
  firstName: 'first_name',
  lastName: 'last_name',
  phone: 'phone',
  role: 'role',
  status: 'status',
  locale: 'locale',
  timezone: 'timezone',
  notificationPreferences: 'notification_preferences',
  logoKey: 'logo_key',
} as const satisfies Record<keyof UserValues, Column<'users'>>;

/** `email` in lower case; nobody has that of an erased account. */
export async function findAccountByEmail(db: Db, email: string): Promise<AccountRow | undefined> {
  return db('users').whereRaw('lower(email) = ?', [email]).whereNull('erased_at').first(db.raw(ACCOUNT));
}

export async function findAccount(db: Db, id: number): Promise<AccountRow | undefined> {
  return db('users').where({ id }).first(db.raw(ACCOUNT));
}

/** The logo of an event's organizer. */
export async function findLogoKeyByEvent(db: Db, eventId: number): Promise<string | null> {
  const row = await db
    .from('events as e')
    .join('users as u', 'u.id', 'e.organizer_id')
    .where('e.id', eventId)
    .first<{ logoKey: string | null } | undefined>('u.logo_key as logoKey');
  return row?.logoKey ?? null;
}

export async function lockAccount(trx: Trx, id: number): Promise<AccountRow | undefined> {
  return trx('users').where({ id }).forNoKeyUpdate().first(trx.raw(ACCOUNT));
}

/** @throws AppError USER_EXISTS */
export async function insertUser(
  trx: Trx,
  values: Partial<UserValues> & Pick<UserValues, 'email' | 'passwordHash'>,
): Promise<AccountRow> {
  try {
    const [row] = (await trx('users').insert(toColumns(COLUMNS, values)).returning(trx.raw(ACCOUNT))) as AccountRow[];
    return row!;
  } catch (error) {
    throw getBrokenConstraint(error) === 'users_email_key'
      ? new AppError('USER_EXISTS', undefined, { cause: error })
      : error;
  }
}

export async function updateUser(trx: Trx, id: number, values: Partial<UserValues>): Promise<AccountRow | undefined> {
  const [row] = (await trx('users')
    .where({ id })
    .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() })
    .returning(trx.raw(ACCOUNT))) as AccountRow[];
  return row;
}

export async function updateEmailVerified(trx: Trx, id: number): Promise<void> {
  await trx('users')
    .where({ id })
    .whereNull('email_verified_at')
    .update({ email_verified_at: trx.fn.now(), updated_at: trx.fn.now() });
}

/** The time of the login; undefined where this is not the account's password any more. */
export async function updateLastLogin(trx: Trx, id: number, passwordHash: string): Promise<Date | undefined> {
  const [row] = (await trx('users')
    .where({ id, password_hash: passwordHash })
    .update({ last_login_at: trx.fn.now() })
    .returning('last_login_at')) as { last_login_at: Date }[];
  return row?.last_login_at;
}

/** Waits for whoever makes the first admin, or changes somebody's access, at the same time. */
export async function lockAdmins(trx: Trx): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('bilten admins'))`);
}

export async function countActiveAdmins(db: Db): Promise<number> {
  const [row] = await db('users').where({ role: 'admin', status: 'active' }).count('* as count');
  return row!.count;
}

export async function countAdmins(db: Db): Promise<number> {
  const [row] = await db('users').where({ role: 'admin' }).count('* as count');
  return row!.count;
}
