import type { Db } from '../../database';
import type { Role } from '../../lib/actor';
import type { AccountStatus } from '../access.model';
import {
  bool,
  int4,
  int8,
  orNull,
  query,
  queryPage,
  statement,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
  type RowOf,
} from '../statement';

export interface UserFilter {
  /** A prefix of the email address, or names in any order, the last of which may be incomplete. */
  search?: string;
  role?: Role;
  status?: AccountStatus;
}

const USER = {
  id: int4('u.id'),
  email: text('u.email'),
  firstName: orNull(text('u.first_name')),
  lastName: orNull(text('u.last_name')),
  phone: orNull(text('u.phone')),
  role: text<Role>('u.role'),
  status: text<AccountStatus>('u.status'),
  emailVerified: bool('u.email_verified_at IS NOT NULL'),
  locale: text('u.locale'),
  timezone: text('u.timezone'),
  lastLoginAt: orNull(timestamptz('u.last_login_at')),
  createdAt: timestamptz('u.created_at'),
};

export type UserListRow = RowOf<typeof USER>;

const SORTS = { createdAt: 'u.created_at', email: 'lower(u.email)' };
export type UserSort = keyof typeof SORTS;

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

// The same expression as in the index.
const NAMES = "search_vector(coalesce(u.first_name || ' ', '') || coalesce(u.last_name, ''), 'A')";

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

function toConditions({ search, role, status }: UserFilter): string {
  const conditions = [
    'true',
    search !== undefined && `(lower(u.email) LIKE lower(:prefix) OR ${NAMES} @@ search_query(:search))`,
    role && 'u.role = :role',
    status && 'u.status = :status',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

interface Form extends UserFilter {
  sort: UserSort;
  order: 'asc' | 'desc';
}

const EXAMPLES: Form[] = [
  { sort: 'createdAt', order: 'desc' },
  { sort: 'email', order: 'asc', search: 'a', role: 'customer', status: 'active' },
];

const LIST = statementFamily({
  name: 'users-list',
  columns: USER,
  examples: EXAMPLES,
  sql: (list, { sort, order, ...filter }: Form) => `
  SELECT
    ${list}
  FROM users u
  WHERE ${toConditions(filter)}
  ORDER BY ${SORTS[sort]} ${order}, u.id ${order}
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'users-count',
  columns: { total: int8('count(*)') },
  examples: EXAMPLES,
  sql: (list, filter: UserFilter) =>
    `SELECT ${list} FROM (SELECT FROM users u WHERE ${toConditions(filter)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

/** Returns a page with the total. */
export async function listUsers(
  db: Db,
  { search, ...filter }: UserFilter,
  { sort, order, limit, offset }: { sort: UserSort; order: 'asc' | 'desc'; limit: number; offset: number },
): Promise<{ rows: UserListRow[]; total: number }> {
  const form = { search, ...filter, sort, order };
  const values = { ...filter, search, prefix: `${escapeLike(search ?? '')}%` };
  return queryPage(db, { list: LIST(form), count: COUNT(form) }, { ...values, limit, offset });
}

const DETAIL = statement({
  name: 'users-detail',
  columns: {
    ...USER,
    bookings: int8('(SELECT count(*) FROM bookings b WHERE b.user_id = u.id)'),
    events: int8('(SELECT count(*) FROM events e WHERE e.organizer_id = u.id AND e.deleted_at IS NULL)'),
    sessions: int8(
      '(SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > now())',
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM users u
  WHERE u.id = :id`,
});

export type UserDetailRow = ResultOf<typeof DETAIL>;

export async function findUserDetail(db: Db, id: number): Promise<UserDetailRow | undefined> {
  const [row] = await query(db, DETAIL, { id });
  return row;
}
