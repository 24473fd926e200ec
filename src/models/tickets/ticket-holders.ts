import type { Db } from '../../database';
import { bool, int4, orNull, query, statement, text, type ResultOf } from '../statement';

// The view `ticket_holders` alone defines who holds a ticket; this file is its TypeScript counterpart.

/** `isTransferred` of a ticket; `t` is its row. Tickets that were never transferred need no lookup. */
export const IS_TRANSFERRED = `t.transfers > 0 AND (SELECT h.is_transferred FROM ticket_holders h WHERE h.ticket_id = t.id)`;

/**
 * Whether the customer may see the attendee of a ticket; `t` is its row. The customer named the first new holder, but not those to whom
 * that holder transferred it.
 */
export const IS_ATTENDEE_KNOWN = `(t.transfers < 2 OR NOT (${IS_TRANSFERRED}))`;

/** Whether a booking `b` has valid tickets that someone other than the customer holds. */
export const HAS_TRANSFERRED = `EXISTS (SELECT FROM ticket_holders h WHERE h.booking_id = b.id AND h.status = 'valid' AND h.is_transferred)`;

const FIND = statement({
  name: 'ticket-holders-find',
  columns: {
    ticketId: int4('ticket_id'),
    bookingId: int4('booking_id'),
    eventId: int4('event_id'),
    bookerId: int4('booker_id'),
    /** Null if no account has verified this address. */
    userId: orNull(int4('user_id')),
    /** In lower case after a transfer; null if the holder was erased. */
    email: orNull(text('email')),
    name: orNull(text('name')),
    /** Whether the holder is not the customer. */
    isTransferred: bool('is_transferred'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM ticket_holders
  WHERE ticket_id = :ticketId`,
});

export type TicketHolder = ResultOf<typeof FIND>;

export async function findTicketHolder(db: Db, ticketId: number): Promise<TicketHolder | undefined> {
  const [row] = await query(db, FIND, { ticketId });
  return row;
}
