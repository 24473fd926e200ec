import { getPreparedName, type Db } from '../../database';
import type { Shaped } from '../../database/query';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { NotificationKind } from '../../lib/notification-kinds';

export interface NewNotification {
  messageId: number;
  userId: number;
  kind: NotificationKind;
  title: string;
  body: string;
  eventId: number | null;
  bookingId: number | null;
}

export interface StoredNotification {
  id: number;
  userId: number;
}

/** Inserts notifications, once per message and user. Returns the new ones. */
export async function insertNotifications(db: Db, notifications: NewNotification[]): Promise<StoredNotification[]> {
  const { rows } = await db
    .raw<{ rows: StoredNotification[] }>(
      `INSERT INTO notifications (message_id, user_id, kind, title, body, event_id, booking_id)
       SELECT * FROM unnest(:messageIds::bigint[], :userIds::int[], :kinds::text[], :titles::text[], :bodies::text[], :eventIds::int[], :bookingIds::int[])
       ON CONFLICT (message_id, user_id) DO NOTHING RETURNING id, user_id AS "userId"`,
      {
        messageIds: toNumberArray(notifications.map(({ messageId }) => messageId)),
        userIds: toNumberArray(notifications.map(({ userId }) => userId)),
        kinds: toTextArray(notifications.map(({ kind }) => kind)),
        titles: toTextArray(notifications.map(({ title }) => title)),
        bodies: toTextArray(notifications.map(({ body }) => body)),
        eventIds: toNumberArray(notifications.map(({ eventId }) => eventId)),
        bookingIds: toNumberArray(notifications.map(({ bookingId }) => bookingId)),
      },
    )
    .options(getPreparedName('notifications-insert'));
  return rows;
}

export interface NotificationRow {
  id: number;
  kind: NotificationKind;
  title: string;
  body: string;
  eventId: number | null;
  bookingId: number | null;
  readAt: Date | null;
  createdAt: Date;
}

const COLUMNS = {
  id: 'id',
  kind: 'kind' as Shaped<'kind', NotificationKind>,
  title: 'title',
  body: 'body',
  eventId: 'event_id',
  bookingId: 'booking_id',
  readAt: 'read_at',
  createdAt: 'created_at',
} as const;
/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 1000;

export interface NotificationFilter {
  userId: number;
  unread: boolean;
  /** Only kinds with this prefix. */
  kind?: string;
  limit: number;
  offset: number;
}

/** Returns a page, newest first, with the total, counted up to a bound. */
export async function listNotifications(
  db: Db,
  { userId, unread, kind, limit, offset }: NotificationFilter,
): Promise<{ rows: NotificationRow[]; total: number }> {
  const matching = db('notifications').where({ user_id: userId });
  if (unread) matching.whereNull('read_at');
  if (kind) matching.where('kind', 'like', `${kind}%`);
  const [rows, [counted]] = await Promise.all([
    matching.clone().orderBy('id', 'desc').limit(limit).offset(offset).select(COLUMNS),
    db.count<{ count: number }[]>('* as count').from(matching.clone().select('id').limit(MAX_COUNTED_ROWS).as('some')),
  ]);
  return { rows, total: counted!.count };
}

export async function listNotificationsByIds(db: Db, ids: number[]): Promise<(NotificationRow & { userId: number })[]> {
  return db('notifications')
    .whereIn('id', ids)
    .orderBy('id')
    .select({ ...COLUMNS, userId: 'user_id' });
}

/** Marks a notification as read, keeping the time of the first reading. */
export async function updateRead(db: Db, userId: number, id: number): Promise<NotificationRow | undefined> {
  const [row] = await db('notifications')
    .where({ id, user_id: userId })
    .update({ read_at: db.raw('coalesce(read_at, now())') })
    .returning(COLUMNS);
  return row;
}

/** Marks all notifications as read. Returns how many were unread. */
export async function updateAllRead(db: Db, userId: number): Promise<number> {
  return db('notifications').where({ user_id: userId }).whereNull('read_at').update({ read_at: db.fn.now() });
}
