import type { Db } from '../../database';
import type { Change } from '../../database/query';
import {
  int4,
  int8,
  jsonb,
  neverNull,
  orNull,
  query,
  statementFamily,
  text,
  timestamptz,
  type RowOf,
} from '../statement';
import type { Topic } from './messages';

const idIn = (name: string): string => `(m.payload->>'${name}')::int`;

// Payloads contain only ids, which are resolved a page at a time.
const COLUMNS = {
  id: int8('m.id'),
  topic: text<Topic>('m.topic'),
  payload: jsonb<object>('m.payload'),
  attempts: int4('m.attempts'),
  lastError: orNull(text('m.last_error')),
  requestId: orNull(text('m.request_id')),
  createdAt: timestamptz('m.created_at'),
  parkedAt: neverNull(timestamptz('m.parked_at')),
  /** The recipient's address or number; null if there are several or none. */
  recipient: orNull(
    text(`CASE
      WHEN m.topic LIKE 'ticket.%' THEN t.attendee_email
      WHEN m.topic = 'sms.due' THEN u.phone
      ELSE coalesce(r.email, u.email)
    END`),
  ),
  /** A readable description of the subject. */
  about: orNull(
    text(`nullif(concat_ws(
      ', ',
      e.title,
      'booking ' || b.reference,
      'order ' || o.order_number,
      'message “' || n.subject || '”'
    ), '')`),
  ),
};

export type ParkedRow = RowOf<typeof COLUMNS>;

const LOOK_UPS = `LEFT JOIN tickets t ON t.id = ${idIn('ticketId')}
  LEFT JOIN refunds f ON f.id = ${idIn('refundId')}
  LEFT JOIN payments p ON p.id = coalesce(${idIn('paymentId')}, f.payment_id)
  LEFT JOIN orders o ON o.id = coalesce(${idIn('orderId')}, f.order_id, p.order_id)
  LEFT JOIN bookings b ON b.id = coalesce(${idIn('bookingId')}, o.booking_id, t.booking_id)
  LEFT JOIN waitlist_entries w ON w.id = ${idIn('entryId')}
  LEFT JOIN user_tokens k ON k.id = ${idIn('userTokenId')}
  LEFT JOIN event_message_recipients r ON r.id = (m.payload->>'recipientId')::bigint
  LEFT JOIN event_messages n ON n.id = coalesce(${idIn('eventMessageId')}, r.event_message_id)
  LEFT JOIN event_changes c ON c.id = ${idIn('changeId')}
  LEFT JOIN events e ON e.id = coalesce(${idIn('eventId')}, b.event_id, w.event_id, n.event_id, c.event_id, o.event_id)
  LEFT JOIN users u ON u.id = coalesce(w.user_id, k.user_id, b.user_id, o.user_id)`;

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

const LIST = statementFamily({
  name: 'outbox-parked',
  columns: COLUMNS,
  sql: (list, { hasTopic }: { hasTopic: boolean }) => `
  SELECT
    ${list}
  FROM (
    SELECT *
    FROM outbox_messages
    WHERE status = 'parked' ${hasTopic ? 'AND topic = :topic' : ''}
    ORDER BY id DESC
    LIMIT :limit
    OFFSET :offset
  ) m
  ${LOOK_UPS}
  ORDER BY m.id DESC`,
  examples: [{ hasTopic: true }, { hasTopic: false }],
});

/** Returns a page of parked messages, newest first. */
export async function listParkedMessages(
  db: Db,
  { topic, limit, offset }: { topic?: string; limit: number; offset: number },
): Promise<{ rows: ParkedRow[]; total: number }> {
  const parked = db('outbox_messages').where({ status: 'parked', ...(topic !== undefined && { topic }) });
  const [rows, [counted]] = await Promise.all([
    query(db, LIST({ hasTopic: topic !== undefined }), { topic: topic ?? null, limit, offset }),
    db.count<{ count: number }[]>('* as count').from(parked.clone().select('id').limit(MAX_COUNTED_ROWS).as('some')),
  ]);
  return { rows, total: counted!.count };
}

const AS_NEW: Change<'outbox_messages'> = { status: 'new', attempts: 0, parked_at: null, queued_at: null };

/** Gives a parked message ten more attempts; false if there is none with this id. */
export async function updateParkedAsNew(db: Db, id: number): Promise<boolean> {
  return (await db('outbox_messages').where({ id, status: 'parked' }).update(AS_NEW)) === 1;
}

/** Gives all parked messages, or those of a topic, ten more attempts. Returns their ids. */
export async function updateAllParkedAsNew(db: Db, topic: string | undefined): Promise<number[]> {
  const parked = db('outbox_messages').where({ status: 'parked' });
  if (topic !== undefined) parked.where({ topic });
  const rows = await parked.update(AS_NEW).returning('id');
  return rows.map(({ id }) => id);
}
