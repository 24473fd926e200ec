import type { Trx } from '../../database';
import type { NotificationKind } from '../../lib/notification-kinds';
import type { Language } from '../../lib/text/languages';
import type { StoredNotification } from './notifications';
import type { Topic } from '../outbox/messages';
import { isActiveBooking } from '../sql';
import { execute, int4, orNull, query, queryOne, statement } from '../statement';

const FIND_CHUNK_END = statement({
  name: 'notifications-chunk-end',
  columns: { last: orNull(int4('max(id)')) },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT id
    FROM bookings
    WHERE event_id = :eventId AND id > :after AND ${isActiveBooking('status')}
    ORDER BY id
    LIMIT :limit
  ) chunk`,
});

/** Returns the last of the next `limit` active bookings of an event after an id; undefined if there are none. */
export async function findChunkEnd(
  trx: Trx,
  { eventId, after, limit }: { eventId: number; after: number; limit: number },
): Promise<number | undefined> {
  const { last } = await queryOne(trx, FIND_CHUNK_END, { eventId, after, limit });
  return last ?? undefined;
}

interface Chunk {
  messageId: number;
  eventId: number;
  from: number;
  to: number;
}

const BOOKED = `b.event_id = :eventId AND b.id > :from AND b.id <= :to AND ${isActiveBooking('b.status')}`;

type Texts = Record<Language, { title: string; body: string }>;

const INSERT_NOTIFICATIONS = statement({
  name: 'notifications-insert-for-event',
  columns: { id: int4('s.id'), userId: int4('s.user_id') },
  sql: (list) => `
  WITH stored AS (
    INSERT INTO notifications (message_id, user_id, kind, title, body, event_id, booking_id)
    SELECT
      :messageId,
      customer.user_id,
      :kind,
      localized.text->>'title',
      localized.text->>'body',
      :eventId,
      customer.booking_id
    FROM (
      SELECT b.user_id, min(b.id) AS booking_id, min(u.locale) AS locale
      FROM bookings b
      JOIN users u ON u.id = b.user_id
      WHERE ${BOOKED} AND coalesce((u.notification_preferences #>> '{inApp,events}')::boolean, true)
      GROUP BY b.user_id
    ) customer,
    LATERAL (
      SELECT coalesce(:texts::jsonb -> lower(split_part(customer.locale, '-', 1)), :texts::jsonb -> 'en') AS text
    ) localized
    ON CONFLICT (message_id, user_id) DO NOTHING
    RETURNING id, user_id
  )
  SELECT
    ${list}
  FROM stored s
  JOIN users u ON u.id = s.user_id
  WHERE coalesce((u.notification_preferences #>> '{live,events}')::boolean, true)`,
});

/** Inserts a notification for each customer who wants to be notified in the app. Returns those to send live. */
export async function insertNotificationsOfEvent(
  trx: Trx,
  chunk: Chunk,
  { kind, texts }: { kind: NotificationKind; texts: Texts },
): Promise<StoredNotification[]> {
  return query(trx, INSERT_NOTIFICATIONS, { ...chunk, kind, texts: JSON.stringify(texts) });
}

const INSERT_MESSAGES_OF_BOOKINGS = statement({
  name: 'notifications-insert-booking-messages',
  columns: {},
  sql: () => `
  INSERT INTO outbox_messages (topic, payload, request_id)
  SELECT :topic, jsonb_build_object('bookingId', b.id, 'changeId', :changeId::int), cause.request_id
  FROM bookings b, outbox_messages cause
  WHERE ${BOOKED} AND cause.id = :messageId
  ORDER BY b.id`,
});

/** Inserts a message for each active booking. */
export async function insertMessagesOfBookings(
  trx: Trx,
  chunk: Chunk,
  { topic, changeId }: { topic: Topic; changeId: number },
): Promise<void> {
  await execute(trx, INSERT_MESSAGES_OF_BOOKINGS, { ...chunk, topic, changeId });
}

const INSERT_MESSAGES_OF_WAITLIST = statement({
  name: 'notifications-insert-waitlist-messages',
  columns: {},
  sql: () => `
  INSERT INTO outbox_messages (topic, payload, request_id)
  SELECT
    :topic,
    jsonb_strip_nulls(jsonb_build_object('entryId', w.id, 'reason', cause.payload->'reason')),
    cause.request_id
  FROM waitlist_entries w, outbox_messages cause
  WHERE w.event_id = :eventId AND w.status IN ('waiting', 'offered') AND cause.id = :messageId
  ORDER BY w.id`,
});

/** Inserts a message for each active waitlist entry of an event, with the reason from the causing message. */
export async function insertMessagesOfWaitlistEntries(
  trx: Trx,
  { messageId, eventId }: { messageId: number; eventId: number },
  topic: Topic,
): Promise<void> {
  await execute(trx, INSERT_MESSAGES_OF_WAITLIST, { messageId, eventId, topic });
}
