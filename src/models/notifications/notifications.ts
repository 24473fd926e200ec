import type { Db } from '../../database';
import type { Shaped } from '../../database/query';
import type { NotificationKind } from '../../lib/notification-kinds';
import { asBigint, asInt, asText, rowSet } from '../row-set';
import { int4, query, statement } from '../statement';

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

const ROWS = rowSet('notifications', 'n').from<NewNotification>({
  message_id: asBigint(({ messageId }) => messageId),
  user_id: asInt(({ userId }) => userId),
  kind: asText(({ kind }) => kind),
  title: asText(({ title }) => title),
  body: asText(({ body }) => body),
  event_id: asInt(({ eventId }) => eventId),
  booking_id: asInt(({ bookingId }) => bookingId),
});

const INSERT = statement({
  name: 'notifications-insert',
  isPrepared: true,
  columns: { id: int4('id'), userId: int4('user_id') },
  sql: (list) => `
  INSERT INTO notifications (
      ${ROWS.columns}
  )
  SELECT
      ${ROWS.values}
  FROM ${ROWS.rows}
  ON CONFLICT (message_id, user_id) DO NOTHING
  RETURNING
    ${list}`,
});

/** Inserts notifications, once per message and user. Returns the new ones. */
export async function insertNotifications(db: Db, notifications: NewNotification[]): Promise<StoredNotification[]> {
  return query(db, INSERT, ROWS.bind(notifications));
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
