import { getBrokenConstraint, type Db, type Trx } from '../../database';
import type { Column, Selected, Shaped } from '../../database/query';
import { AppError } from '../../errors';
import type { StoredPreferences } from '../../lib/notification-preferences';
import { toNumberArray } from '../../lib/pg-array';
import { toColumns } from '../columns';
import { int4, orNull, query, statement, text } from '../statement';

/** The columns of the writable fields. */
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
  notificationPreferences: 'notification_preferences' as Shaped<'notification_preferences', StoredPreferences>,
  logoKey: 'logo_key',
} as const satisfies Record<string, Column<'users'>>;

export type UserValues = Selected<'users', typeof COLUMNS>;

const selectAccount = (db: Db) =>
  ({
    ...COLUMNS,
    id: 'id',
    emailVerified: db.raw<boolean>('email_verified_at IS NOT NULL'),
    lastLoginAt: 'last_login_at',
    accessChangedAt: 'access_changed_at',
    createdAt: 'created_at',
  }) as const;

export type AccountRow = Selected<'users', ReturnType<typeof selectAccount>>;

/** Returns the account with this address, in lower case. Never returns an erased account. */
export async function findAccountByEmail(db: Db, email: string): Promise<AccountRow | undefined> {
  return db('users').whereRaw('lower(email) = ?', [email]).whereNull('erased_at').first(selectAccount(db));
}

export async function findAccount(db: Db, id: number): Promise<AccountRow | undefined> {
  return db('users').where({ id }).first(selectAccount(db));
}

const LOGOS_OF_EVENTS = statement({
  name: 'users-logos-of-events',
  columns: {
    eventId: int4('e.id'),
    logoKey: orNull(text('u.logo_key')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM events e
  JOIN users u ON u.id = e.organizer_id
  WHERE e.id = ANY (:eventIds::int[])`,
});

/** Lists the keys of the logos of these events' organizers. */
export async function listLogoKeysByEvent(
  db: Db,
  eventIds: number[],
): Promise<{ eventId: number; logoKey: string | null }[]> {
  return query(db, LOGOS_OF_EVENTS, { eventIds: toNumberArray(eventIds) });
}

export async function lockAccount(trx: Trx, id: number): Promise<AccountRow | undefined> {
  return trx('users').where({ id }).forNoKeyUpdate().first(selectAccount(trx));
}

/** @throws AppError USER_EXISTS */
export async function insertUser(
  trx: Trx,
  values: Partial<UserValues> & Pick<UserValues, 'email' | 'passwordHash'>,
): Promise<AccountRow> {
  try {
    const [row] = await trx('users').insert(toColumns(COLUMNS, values)).returning(selectAccount(trx));
    return row!;
  } catch (error) {
    throw getBrokenConstraint(error) === 'users_email_key'
      ? new AppError('USER_EXISTS', undefined, { cause: error })
      : error;
  }
}

export async function updateUser(trx: Trx, id: number, values: Partial<UserValues>): Promise<AccountRow | undefined> {
  const [row] = await trx('users')
    .where({ id })
    .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() })
    .returning(selectAccount(trx));
  return row;
}

export async function updateEmailVerified(trx: Trx, id: number): Promise<void> {
  await trx('users')
    .where({ id })
    .whereNull('email_verified_at')
    .update({ email_verified_at: trx.fn.now(), updated_at: trx.fn.now() });
}

/** Records a login and returns its time; undefined if the password hash has changed. */
export async function updateLastLogin(trx: Trx, id: number, passwordHash: string): Promise<Date | undefined> {
  const [row] = await trx('users')
    .where({ id, password_hash: passwordHash })
    .update({ last_login_at: trx.fn.now() })
    .returning('last_login_at');
  return row?.last_login_at ?? undefined;
}

/** Locks changes of access and the creation of the first admin against each other. */
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
