import type { Db } from '../../database';
import type { Role } from '../../lib/actor';
import type { AccountStatus } from '../access.model';

export interface UserFilter {
  /** A prefix of the email address, full name or last name. */
  search?: string;
  role?: Role;
  status?: AccountStatus;
}

export interface UserListRow {
  id: number;
  email: string;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  role: Role;
  status: AccountStatus;
  emailVerified: boolean;
  locale: string;
  timezone: string;
  lastLoginAt: Date | null;
  createdAt: Date;
}

export interface UserDetailRow extends UserListRow {
  bookings: number;
  events: number;
  sessions: number;
}

const COLUMNS = `u.id, u.email, u.first_name AS "firstName", u.last_name AS "lastName", u.phone, u.role, u.status,
  u.email_verified_at IS NOT NULL AS "emailVerified", u.locale, u.timezone, u.last_login_at AS "lastLoginAt", u.created_at AS "createdAt"`;

const SORTS = { createdAt: 'u.created_at', email: 'lower(u.email)' };
export type UserSort = keyof typeof SORTS;

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

// The same expression as in the index.
const FULL_NAME = "search_fold(coalesce(u.first_name || ' ', '') || coalesce(u.last_name, ''))";

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Returns a page with the total. */
export async function listUsers(
  db: Db,
  { search, ...filter }: UserFilter,
  { sort, order, limit, offset }: { sort: UserSort; order: 'asc' | 'desc'; limit: number; offset: number },
): Promise<{ rows: UserListRow[]; total: number }> {
  const conditions = [
    'true',
    search !== undefined &&
      `(lower(u.email) LIKE lower(:prefix) OR ${FULL_NAME} LIKE search_fold(:prefix) OR search_fold(u.last_name) LIKE search_fold(:prefix))`,
    filter.role && 'u.role = :role',
    filter.status && 'u.status = :status',
  ];
  const from = `FROM users u WHERE ${conditions.filter(Boolean).join(' AND ')}`;
  const values = { ...filter, prefix: `${escapeLike(search ?? '')}%`, limit, offset };
  const [page, count] = await Promise.all([
    db.raw<{ rows: UserListRow[] }>(
      `SELECT ${COLUMNS} ${from} ORDER BY ${SORTS[sort]} ${order}, u.id ${order} LIMIT :limit OFFSET :offset`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total FROM (SELECT ${from} LIMIT ${MAX_COUNTED_ROWS}) n`,
      values,
    ),
  ]);
  return { rows: page.rows, total: count.rows[0]!.total };
}

export async function findUserDetail(db: Db, id: number): Promise<UserDetailRow | undefined> {
  const { rows } = await db.raw<{ rows: UserDetailRow[] }>(
    `SELECT ${COLUMNS}, (SELECT count(*) FROM bookings b WHERE b.user_id = u.id) AS bookings,
            (SELECT count(*) FROM events e WHERE e.organizer_id = u.id AND e.deleted_at IS NULL) AS events,
            (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now()) AS sessions
     FROM users u WHERE u.id = ?`,
    [id],
  );
  return rows[0];
}
