import type { Trx } from '../../database';
import type { NotificationKind } from '../../lib/notification-kinds';
import type { Language } from '../../lib/text/languages';
import type { StoredNotification } from './notifications';
import type { Topic } from '../outbox/messages';
import { isActiveBooking } from '../sql';

/** Returns the last of the next `limit` active bookings of an event after an id; undefined if there are none. */
export async function findChunkEnd(
  trx: Trx,
  { eventId, after, limit }: { eventId: number; after: number; limit: number },
): Promise<number | undefined> {
  const { rows } = await trx.raw<{ rows: { last: number | null }[] }>(
    `SELECT max(id) AS last FROM (
       SELECT id FROM bookings WHERE event_id = :eventId AND id > :after AND ${isActiveBooking('status')} ORDER BY id LIMIT :limit) chunk`,
    { eventId, after, limit },
  );
  return rows[0]?.last ?? undefined;
}

interface Chunk {
  messageId: number;
  eventId: number;
  from: number;
  to: number;
}

const BOOKED = `b.event_id = :eventId AND b.id > :from AND b.id <= :to AND ${isActiveBooking('b.status')}`;

type Texts = Record<Language, { title: string; body: string }>;

/** Inserts a notification for each customer who wants to be notified in the app. Returns those to send live. */
export async function insertNotificationsOfEvent(
  trx: Trx,
  chunk: Chunk,
  { kind, texts }: { kind: NotificationKind; texts: Texts },
): Promise<StoredNotification[]> {
  const { rows } = await trx.raw<{ rows: StoredNotification[] }>(
    `WITH stored AS (
       INSERT INTO notifications (message_id, user_id, kind, title, body, event_id, booking_id)
       SELECT :messageId, told.user_id, :kind, said.text->>'title', said.text->>'body', :eventId, told.booking_id
       FROM (SELECT b.user_id, min(b.id) AS booking_id, min(u.locale) AS locale
             FROM bookings b JOIN users u ON u.id = b.user_id
             WHERE ${BOOKED} AND coalesce((u.notification_preferences #>> '{inApp,events}')::boolean, true)
             GROUP BY b.user_id) told,
         LATERAL (SELECT coalesce(:texts::jsonb -> lower(split_part(told.locale, '-', 1)), :texts::jsonb -> 'en') AS text) said
       ON CONFLICT (message_id, user_id) DO NOTHING
       RETURNING id, user_id
     )
     SELECT s.id, s.user_id AS "userId" FROM stored s JOIN users u ON u.id = s.user_id
     WHERE coalesce((u.notification_preferences #>> '{live,events}')::boolean, true)`,
    { ...chunk, kind, texts: JSON.stringify(texts) },
  );
  return rows;
}

/** Inserts a message for each active booking. */
export async function insertMessagesOfBookings(
  trx: Trx,
  { messageId, ...range }: Chunk,
  { topic, changeId }: { topic: Topic; changeId: number },
): Promise<void> {
  await trx.raw(
    `INSERT INTO outbox_messages (topic, payload, request_id)
     SELECT :topic, jsonb_build_object('bookingId', b.id, 'changeId', :changeId::int), cause.request_id
     FROM bookings b, outbox_messages cause WHERE ${BOOKED} AND cause.id = :messageId ORDER BY b.id`,
    { messageId, ...range, topic, changeId },
  );
}

/** Inserts a message for each active waitlist entry of an event, with the reason from the causing message. */
export async function insertMessagesOfWaitlistEntries(
  trx: Trx,
  { messageId, eventId }: { messageId: number; eventId: number },
  topic: Topic,
): Promise<void> {
  await trx.raw(
    `INSERT INTO outbox_messages (topic, payload, request_id)
     SELECT :topic, jsonb_strip_nulls(jsonb_build_object('entryId', w.id, 'reason', cause.payload->'reason')), cause.request_id
     FROM waitlist_entries w, outbox_messages cause
     WHERE w.event_id = :eventId AND w.status IN ('waiting', 'offered') AND cause.id = :messageId ORDER BY w.id`,
    { messageId, eventId, topic },
  );
}
