import type { Db, Trx } from '../../database';
import type { TicketNotice } from '../outbox/messages';
import { bool, execute, int8, queryOne, statement } from '../statement';

interface ToHolders extends Omit<TicketNotice, 'ticketId' | 'transfers'> {
  messageId: number;
  bookingId: number;
}

const INSERT_NOTICES = statement({
  name: 'notifications-insert-ticket-notices',
  columns: {},
  sql: () => `
  INSERT INTO outbox_messages (topic, payload, request_id)
  SELECT
    'ticket.notice',
    jsonb_strip_nulls(jsonb_build_object(
      'ticketId', h.id,
      'transfers', h.transfers,
      'about', :about::text,
      'notice', :notice::text,
      'changeId', :changeId::int,
      'because', :because::text
    )),
    cause.request_id
  FROM (
    SELECT DISTINCT ON (lower(t.attendee_email)) t.id, t.transfers
    FROM tickets t
    JOIN bookings b ON b.id = t.booking_id
    JOIN users u ON u.id = b.user_id
    WHERE t.booking_id = :bookingId
      AND t.status = CASE :about::text WHEN 'void' THEN 'void' ELSE 'valid' END
      AND (:about::text <> 'issued' OR t.transfers = 0)
      AND lower(t.attendee_email) <> lower(u.email)
    ORDER BY lower(t.attendee_email), t.id
  ) h, outbox_messages cause
  WHERE cause.id = :messageId
  ORDER BY h.id`,
});

/** Inserts a message for each address other than the customer's that holds tickets of a booking. */
export async function insertTicketNotices(
  trx: Trx,
  {
    messageId,
    bookingId,
    about,
    notice,
    changeId = null,
    because = null,
  }: { [K in keyof ToHolders]: ToHolders[K] | null },
): Promise<void> {
  await execute(trx, INSERT_NOTICES, { messageId, bookingId, about, notice, changeId, because });
}

interface Notice {
  eventId: number;
  addressHash: Buffer;
  notice: string;
  messageId: number;
}

const CLAIM_NOTICE = statement({
  name: 'notifications-claim-notice',
  columns: { messageId: int8('n.message_id') },
  sql: (list) => `
  INSERT INTO ticket_notices AS n (event_id, address_hash, notice, message_id)
  VALUES (:eventId, :addressHash, :notice, :messageId)
  ON CONFLICT (event_id, address_hash, notice) DO UPDATE SET message_id = n.message_id
  RETURNING
    ${list}`,
});

/** Claims a notice for this message; false if another message has given it to this address. */
export async function claimNotice(db: Db, notice: Notice): Promise<boolean> {
  const { messageId } = await queryOne(db, CLAIM_NOTICE, { ...notice });
  return messageId === notice.messageId;
}

/** Returns whether another message has sent this address a notice about this event. */
export async function hasEarlierNotice(
  db: Db,
  { eventId, addressHash, messageId }: Omit<Notice, 'notice'>,
): Promise<boolean> {
  const row = await db('ticket_notices')
    .where({ event_id: eventId, address_hash: addressHash })
    .whereNot({ message_id: messageId })
    .first('message_id');
  return row !== undefined;
}

const DELETE_OLD_NOTICES = statement({
  name: 'notifications-delete-old-notices',
  columns: {},
  sql: () => `
  DELETE FROM ticket_notices n
  USING events e
  WHERE e.id = n.event_id AND e.ends_at < now() - make_interval(days => :days)`,
});

/** Deletes notices about events that ended over `days` ago. Returns how many. */
export async function deleteOldNotices(db: Db, days: number): Promise<number> {
  return execute(db, DELETE_OLD_NOTICES, { days });
}

const IS_BOOKER_NOTIFIED = statement({
  name: 'notifications-is-booker-notified',
  columns: {
    isNotified: bool(`EXISTS (
      SELECT
      FROM bookings b
      JOIN tickets t ON t.booking_id = b.id
      WHERE b.event_id = :eventId
        AND b.user_id = :userId
        AND b.status = 'confirmed'
        AND t.status = 'valid'
        AND EXISTS (SELECT FROM ticket_holders h WHERE h.ticket_id = t.id AND NOT h.is_transferred)
    )`),
  },
  sql: (list) => `SELECT ${list}`,
});

/** Returns whether a user holds tickets of the event that they booked, and is therefore notified as a customer. */
export async function isBookerNotified(
  db: Db,
  { eventId, userId }: { eventId: number; userId: number },
): Promise<boolean> {
  return (await queryOne(db, IS_BOOKER_NOTIFIED, { eventId, userId })).isNotified;
}
