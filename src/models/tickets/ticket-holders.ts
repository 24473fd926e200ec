import type { Db } from '../../database';

// The view `ticket_holders` alone defines who holds a ticket; this file is its TypeScript counterpart.

export interface TicketHolder {
  ticketId: number;
  bookingId: number;
  eventId: number;
  bookerId: number;
  /** Null if no account has verified this address. */
  userId: number | null;
  /** In lower case after a transfer; null if the holder was erased. */
  email: string | null;
  name: string | null;
  /** Whether the holder is not the customer. */
  isTransferred: boolean;
}

/** `isTransferred` of a ticket; `t` is its row. Tickets that were never transferred need no lookup. */
export const IS_TRANSFERRED = `t.transfers > 0 AND (SELECT h.is_transferred FROM ticket_holders h WHERE h.ticket_id = t.id)`;

/**
 * Whether the customer may see the attendee of a ticket; `t` is its row. The customer named the first new holder, but not those to whom
 * that holder transferred it.
 */
export const IS_ATTENDEE_KNOWN = `(t.transfers < 2 OR NOT (${IS_TRANSFERRED}))`;

/** Whether a booking `b` has valid tickets that someone other than the customer holds. */
export const HAS_TRANSFERRED = `EXISTS (SELECT FROM ticket_holders h WHERE h.booking_id = b.id AND h.status = 'valid' AND h.is_transferred)`;

export async function findTicketHolder(db: Db, ticketId: number): Promise<TicketHolder | undefined> {
  const { rows } = await db.raw<{ rows: TicketHolder[] }>(
    `SELECT ticket_id AS "ticketId", booking_id AS "bookingId", event_id AS "eventId", booker_id AS "bookerId",
            user_id AS "userId", email, name, is_transferred AS "isTransferred"
     FROM ticket_holders WHERE ticket_id = ?`,
    [ticketId],
  );
  return rows[0];
}
