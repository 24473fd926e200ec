import { database } from '../../database';
import { AppError } from '../../errors';
import { getOffset, toPage } from '../../lib/paging';
import {
  listNotifications as listRows,
  listNotificationsByIds as listByIds,
  MAX_COUNTED_ROWS,
  updateAllRead,
  updateRead,
  type NotificationRow,
} from '../../models/notifications/notifications';

export interface ListNotifications {
  page: number;
  limit: number;
  unread?: boolean;
  /** Only kinds that begin so: `waitlist.`. */
  kind?: string;
}

function present({ readAt, createdAt, ...row }: NotificationRow) {
  return { ...row, readAt: readAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}

/** The user's, newest first. */
export async function listNotifications(userId: number, query: ListNotifications) {
  const { unread = false, kind, limit } = query;
  const { rows, total } = await listRows(database, { userId, unread, kind, limit, offset: getOffset(query) });
  return toPage(rows.map(present), query, { total, bound: MAX_COUNTED_ROWS });
}

/** @throws AppError NOT_FOUND */
export async function markNotificationRead(userId: number, id: number) {
  const row = await updateRead(database, userId, id);
  if (!row) throw new AppError('NOT_FOUND', 'Notification not found.');
  return present(row);
}

/** Returns how many had been unread. */
export async function markAllNotificationsRead(userId: number): Promise<number> {
  return updateAllRead(database, userId);
}

/** For telling them live, in the order in which they came. */
export async function listNotificationsByIds(ids: number[]) {
  const rows = await listByIds(database, ids);
  return rows.map(({ userId, ...row }) => ({ userId, notification: present(row) }));
}
