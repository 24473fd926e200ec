import type { Db } from '../../database';

// The view `ticket_holders` is the one place that says who holds a ticket; this file is its TypeScript side.

export interface TicketHolder {
  ticketId: number;
  bookingId: number;
  eventId: number;
  bookerId: number;
  /** Null: nobody has an account with this address, or nobody has verified it. */
  userId: number | null;
  /** In lower case once transferred; null where its holder was erased. */
  email: string | null;
  name: string | null;
  /** The booker is not the holder. */
  isTransferred: boolean;
}

/** `isTransferred` of a ticket; `t` is its row. Tickets that never were transferred cost no look-up. */
export const IS_TRANSFERRED = `t.transfers > 0 AND (SELECT h.is_transferred FROM ticket_holders h WHERE h.ticket_id = t.id)`;

/**
 * Whether the booker may see who comes with a ticket; `t` is its row. The first new holder was named by the booker; those to whom
 * that one transferred it were not.
 */
export const IS_ATTENDEE_KNOWN = `(t.transfers < 2 OR NOT (${IS_TRANSFERRED}))`;

/** Whether a booking, `b`, has valid tickets that somebody else than the booker holds. */
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
