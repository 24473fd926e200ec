import { database } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  findUserDetail,
  listUsers as listRows,
  MAX_COUNTED_ROWS,
  type UserFilter,
  type UserListRow,
  type UserSort,
} from '../../models/users/list-users';
import { changeAccess, type ChangeAccess } from './change-access';
import { resumeOffers } from '../waitlist/resume-offers';

function present<T extends UserListRow>({ lastLoginAt, createdAt, ...row }: T) {
  return { ...row, lastLoginAt: lastLoginAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}

export interface ListUsers extends UserFilter {
  page: number;
  limit: number;
  sort: UserSort;
  order?: 'asc' | 'desc';
}

export async function listUsers({ page, limit, sort, order, ...filter }: ListUsers) {
  const direction = order ?? (sort === 'createdAt' ? 'desc' : 'asc');
  const { rows, total } = await listRows(database, filter, {
    sort,
    order: direction,
    limit,
    offset: getOffset({ page, limit }),
  });
  return toPage(rows.map(present), { page, limit }, { total, bound: MAX_COUNTED_ROWS });
}

/** @throws AppError NOT_FOUND */
export async function getUser(id: number) {
  const row = await findUserDetail(database, id);
  if (!row) throw new AppError('NOT_FOUND', 'User not found.');
  return present(row);
}

/** @throws AppError NOT_FOUND, LAST_ADMIN */
export async function updateUser(actor: Actor, id: number, change: ChangeAccess) {
  await changeAccess(id, change, actor);
  if (change.status === 'active') await resumeOffers(id);
  return getUser(id);
}
