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
  /** Only kinds with this prefix, such as `waitlist.`. */
  kind?: string;
}

function present({ readAt, createdAt, ...row }: NotificationRow) {
  return { ...row, readAt: readAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}

/** Lists the user's notifications, newest first. */
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

/** Marks all notifications as read. Returns how many were unread. */
export async function markAllNotificationsRead(userId: number): Promise<number> {
  return updateAllRead(database, userId);
}

/** Returns notifications for live updates, in the order in which they were stored. */
export async function listNotificationsByIds(ids: number[]) {
  const rows = await listByIds(database, ids);
  return rows.map(({ userId, ...row }) => ({ userId, notification: present(row) }));
}
