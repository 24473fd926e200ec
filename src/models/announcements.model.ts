import type { Db, Trx } from '../database';
import type { EventNotificationData, Recipient } from './notifications/notification-data';
import { toNumberArray } from '../lib/pg-array';
import { EVENT_DATA, RECIPIENT } from './notifications/find-notification-data';
import {
  execute,
  float8,
  int4,
  int4Array,
  int8,
  json,
  orNull,
  query,
  queryOne,
  statement,
  text,
  timestamptz,
  type ResultOf,
  type RowOf,
} from './statement';

interface NewAnnouncement {
  eventId: number;
  senderId: number;
  subject: string;
  body: string;
  ticketTypeIds: number[] | null;
}

export async function insertAnnouncement(trx: Trx, message: NewAnnouncement): Promise<number> {
  const [row] = await trx('event_messages')
    .insert({
      event_id: message.eventId,
      sender_id: message.senderId,
      subject: message.subject,
      body: message.body,
      ticket_type_ids: message.ticketTypeIds,
    })
    .returning('id');
  return row!.id;
}

// Those of the future were made while the clock was ahead.
const RECENT = statement({
  name: 'announcements-recent',
  columns: {
    count: int8('count(*)'),
    firstSecondsAgo: float8('coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM event_messages
  WHERE event_id = :eventId AND created_at BETWEEN now() - make_interval(hours => :hours) AND now() + interval '1 minute'`,
});

/** Counts the announcements of the last `hours`, and returns how long ago the first of them was. */
export async function countRecentAnnouncements(
  trx: Trx,
  { eventId, hours }: { eventId: number; hours: number },
): Promise<ResultOf<typeof RECENT>> {
  return queryOne(trx, RECENT, { eventId, hours });
}

const ANNOUNCEMENT = {
  id: int4('m.id'),
  eventId: int4('m.event_id'),
  subject: text('m.subject'),
  body: text('m.body'),
  ticketTypeIds: orNull(int4Array('m.ticket_type_ids')),
  createdAt: timestamptz('m.created_at'),
  collectedAt: orNull(timestamptz('m.collected_at')),
  recipients: int8('c.recipients'),
  sent: int8('c.sent'),
  skipped: int8('c.skipped'),
};

export type AnnouncementRow = RowOf<typeof ANNOUNCEMENT>;

const COUNTS = `(
    SELECT
      count(*) AS recipients,
      count(*) FILTER (WHERE status = 'sent') AS sent,
      count(*) FILTER (WHERE status = 'skipped') AS skipped
    FROM event_message_recipients
    WHERE event_message_id = m.id
  ) c`;

const LIST = statement({
  name: 'announcements-list',
  columns: ANNOUNCEMENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT *
    FROM event_messages
    WHERE event_id = :eventId
    ORDER BY id DESC
    LIMIT :limit
    OFFSET :offset
  ) m
  CROSS JOIN LATERAL ${COUNTS}
  ORDER BY m.id DESC`,
});

/** Returns a page, newest first. */
export async function listAnnouncements(
  db: Db,
  { eventId, limit, offset }: { eventId: number; limit: number; offset: number },
): Promise<{ rows: AnnouncementRow[]; total: number }> {
  const [rows, [counted]] = await Promise.all([
    query(db, LIST, { eventId, limit, offset }),
    db('event_messages').where({ event_id: eventId }).count('* as count'),
  ]);
  return { rows, total: counted!.count };
}

const FIND = statement({
  name: 'announcements-find',
  columns: ANNOUNCEMENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM event_messages m
  CROSS JOIN LATERAL ${COUNTS}
  WHERE m.id = :id`,
});

export async function findAnnouncement(db: Db, id: number): Promise<AnnouncementRow | undefined> {
  const [row] = await query(db, FIND, { id });
  return row;
}

interface Chunk {
  eventMessageId: number;
  eventId: number;
  ticketTypeIds: number[] | null;
  /** Booking ids: after `from`, up to `to`. */
  from: number;
  to: number;
}

const INSERT_RECIPIENTS = statement({
  name: 'announcements-insert-recipients',
  columns: {},
  sql: () => `
  INSERT INTO event_message_recipients AS r (
    event_message_id,
    email,
    user_id,
    first_name
  )
  SELECT DISTINCT ON (held.email)
    :eventMessageId::int,
    held.email,
    coalesce(verified.id, held.booker_id),
    coalesce(verified.first_name, held.name)
  FROM (
    SELECT
      lower(coalesce(t.attendee_email, owner.email)) AS email,
      CASE WHEN lower(coalesce(t.attendee_email, owner.email)) = lower(owner.email) THEN owner.id END AS booker_id,
      CASE
        WHEN t.attendee_email IS NULL THEN coalesce(owner.first_name, t.attendee_name)
        ELSE t.attendee_name
      END AS name
    FROM bookings b
    JOIN tickets t ON t.booking_id = b.id
    JOIN users owner ON owner.id = b.user_id
    WHERE b.event_id = :eventId AND b.id > :from AND b.id <= :to AND b.status = 'confirmed' AND t.status = 'valid'
      AND (:ticketTypeIds::int[] IS NULL OR t.ticket_type_id = ANY (:ticketTypeIds::int[]))
  ) held
  LEFT JOIN users verified
    ON lower(verified.email) = held.email AND verified.email_verified_at IS NOT NULL AND verified.erased_at IS NULL
  ORDER BY held.email, held.booker_id NULLS FIRST
  ON CONFLICT (event_message_id, email) DO UPDATE
  SET
    user_id = NULL,
    first_name = excluded.first_name
  WHERE r.status = 'waiting' AND r.user_id IS NOT NULL AND excluded.user_id IS NULL`,
});

/**
 * Inserts the holders of valid tickets as recipients: the new holder if transferred, else the customer; each address once. A holder gets the
 * account of their address only if it has verified the address, so that the preferences of others do not suppress their mail.
 */
export async function insertRecipients(trx: Trx, { ticketTypeIds, ...chunk }: Chunk): Promise<void> {
  await execute(trx, INSERT_RECIPIENTS, { ...chunk, ticketTypeIds: ticketTypeIds && toNumberArray(ticketTypeIds) });
}

export async function updateCollected(db: Db, id: number): Promise<void> {
  await db('event_messages').where({ id }).whereNull('collected_at').update({ collected_at: db.fn.now() });
}

const QUEUE_RECIPIENTS = statement({
  name: 'announcements-queue-recipients',
  columns: {},
  sql: () => `
  WITH next AS (
    SELECT id
    FROM event_message_recipients
    WHERE status = 'waiting'
    ORDER BY id
    LIMIT least(
      :limit,
      greatest(0, :inFlight - (SELECT count(*) FROM event_message_recipients WHERE status = 'queued'))
    )
    FOR UPDATE SKIP LOCKED
  ), queued AS (
    UPDATE event_message_recipients
    SET
      status = 'queued',
      queued_at = now()
    WHERE id = ANY (ARRAY(SELECT id FROM next))
    RETURNING id
  )
  INSERT INTO outbox_messages (topic, payload, priority)
  SELECT
    'event.message_due',
    jsonb_build_object('recipientId', id),
    8
  FROM queued
  ORDER BY id`,
});

/** Queues the next recipients, up to the limit in flight. Returns how many. */
export async function queueRecipients(
  trx: Trx,
  { limit, inFlight }: { limit: number; inFlight: number },
): Promise<number> {
  return execute(trx, QUEUE_RECIPIENTS, { limit, inFlight });
}

const FIND_DUE = statement({
  name: 'announcements-find-due',
  columns: {
    status: text<'waiting' | 'queued' | 'sent' | 'skipped'>('d.status'),
    email: text('d.email'),
    firstName: orNull(text('d.first_name')),
    subject: text('d.subject'),
    body: text('d.body'),
    eventId: int4('d.event_id'),
    event: json<EventNotificationData>('d.event'),
    /** Null for a recipient without an account. */
    recipient: orNull(json<Recipient>('d.recipient')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT
      r.status,
      r.email,
      r.first_name,
      m.subject,
      m.body,
      m.event_id,
      ${EVENT_DATA.expression} AS event,
      CASE WHEN u.id IS NOT NULL THEN ${RECIPIENT.expression} END AS recipient
    FROM event_message_recipients r
    JOIN event_messages m ON m.id = r.event_message_id
    JOIN events e ON e.id = m.event_id
    LEFT JOIN users u ON u.id = r.user_id
    WHERE r.id = :recipientId
  ) d`,
});

export type DueAnnouncement = ResultOf<typeof FIND_DUE>;

export async function findDueAnnouncement(db: Db, recipientId: number): Promise<DueAnnouncement | undefined> {
  const [row] = await query(db, FIND_DUE, { recipientId });
  return row;
}

export async function updateRecipient(db: Db, id: number, status: 'sent' | 'skipped'): Promise<void> {
  await db('event_message_recipients')
    .where({ id, status: 'queued' })
    .update({ status, ...(status === 'sent' ? { sent_at: db.fn.now() } : {}) });
}
