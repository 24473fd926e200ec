import type { Db, Trx } from '../database';
import { getErasedAddress } from '../lib/erased';
import { creditErasures, creditSections } from './privacy/credit-sections';
import { supportErasures, supportSections } from './privacy/support-sections';
import { storeErasures, storeSections } from './privacy/store-sections';
import { HAS_TRANSFERRED, IS_ATTENDEE_KNOWN } from './tickets/ticket-holders';
import { isActiveBooking } from './sql';
import { execute, int4, query, statement, text, type ResultOf } from './statement';

export interface Section {
  /** Selects the data with an `id` for reading in chunks; `:userId` is the user, `:verifiedEmail` their address. */
  sql: string;
  /** Columns that would allow acting as the user, or that say nothing about them. */
  omit?: string[];
}

const OWN_BOOKINGS = 'booking_id IN (SELECT id FROM bookings WHERE user_id = :userId)';
const OWN_PAYMENTS = 'SELECT p.id FROM payments p JOIN orders o ON o.id = p.order_id WHERE o.user_id = :userId';

/** The sections of all data held about a user, by name. */
export const sections: Record<string, Section> = {
  sessions: { sql: 'SELECT * FROM sessions WHERE user_id = :userId' },
  tokens: {
    sql: `
    SELECT
      id,
      purpose,
      created_at,
      expires_at,
      used_at
    FROM user_tokens
    WHERE user_id = :userId`,
  },
  bookings: {
    sql: `
    SELECT
      b.*,
      (
        SELECT json_agg(
          json_build_object(
            'ticketTypeId', i.ticket_type_id,
            'quantity', i.quantity,
            'unitPrice', i.unit_price::text,
            'attendees', i.attendees
          )
          ORDER BY i.ticket_type_id
        )
        FROM booking_items i
        WHERE i.booking_id = b.id
      ) AS items
    FROM bookings b
    WHERE b.user_id = :userId`,
    omit: ['request_id', 'cancel_request_id', 'is_exclusive'],
  },
  tickets: {
    sql: `
    SELECT
      t.id,
      t.booking_id,
      t.event_id,
      t.ticket_type_id,
      t.seat_id,
      t.status,
      t.transfers,
      t.transferred_at,
      t.checked_in_at,
      t.voided_at,
      CASE WHEN ${IS_ATTENDEE_KNOWN} THEN t.attendee_name END AS attendee_name,
      CASE WHEN ${IS_ATTENDEE_KNOWN} THEN t.attendee_email END AS attendee_email
    FROM tickets t
    WHERE ${OWN_BOOKINGS}`,
  },
  ticketsReceived: {
    sql: `
    SELECT
      id,
      event_id,
      ticket_type_id,
      status,
      attendee_name,
      attendee_email,
      transferred_at,
      checked_in_at
    FROM tickets
    WHERE lower(attendee_email) = :verifiedEmail AND NOT ${OWN_BOOKINGS}`,
  },
  orders: {
    sql: `
    SELECT
      o.*,
      (
        SELECT json_agg(
          json_build_object(
            'name', i.name,
            'quantity', i.quantity,
            'unitPrice', i.unit_price::text,
            'discount', i.discount::text,
            'tax', i.tax::text,
            'refunded', (SELECT sum(amount)::text FROM order_item_refunds WHERE (order_id, position) = (i.order_id, i.position))
          )
          ORDER BY i.position
        )
        FROM order_items i
        WHERE i.order_id = o.id
      ) AS items
    FROM orders o
    WHERE o.user_id = :userId`,
  },
  invoices: {
    sql: `
    SELECT
      i.id,
      i.order_id,
      i.year,
      i.number,
      i.document,
      i.issued_at
    FROM invoices i
    JOIN orders o ON o.id = i.order_id
    WHERE o.user_id = :userId`,
  },
  billing: {
    sql: `
    SELECT
      user_id AS id,
      name,
      address,
      vat_id,
      email,
      updated_at
    FROM billing_profiles
    WHERE user_id = :userId`,
  },
  invoiceNumbers: {
    sql: 'SELECT year AS id, last_number FROM invoice_counters WHERE seller_id = :userId',
  },
  payments: {
    sql: `
    SELECT
      id,
      order_id,
      provider,
      intent_id,
      amount,
      currency,
      status,
      captured,
      refunded,
      is_disputed,
      created_at,
      processing_at,
      succeeded_at,
      failed_at,
      cancelled_at
    FROM payments
    WHERE id IN (${OWN_PAYMENTS})`,
  },
  refunds: {
    sql: `
    SELECT
      id,
      payment_id,
      order_id,
      amount,
      currency,
      status,
      cause,
      reason,
      is_to_credits,
      created_at,
      succeeded_at,
      failed_at
    FROM refunds
    WHERE payment_id IN (${OWN_PAYMENTS}) OR order_id IN (SELECT id FROM orders WHERE user_id = :userId)`,
  },
  ledgerEntries: { sql: `SELECT * FROM ledger_entries WHERE payment_id IN (${OWN_PAYMENTS})` },
  ...creditSections,
  ...storeSections,
  abandonedHolds: { sql: 'SELECT * FROM abandoned_holds WHERE user_id = :userId' },
  mailsToStrangers: {
    sql: `
    SELECT
      row_number() OVER (ORDER BY day, role) AS id,
      role,
      day,
      mails
    FROM stranger_mail_counts
    WHERE sender_id = :userId`,
  },
  waitlist: { sql: 'SELECT * FROM waitlist_entries WHERE user_id = :userId', omit: ['request_id'] },
  notifications: { sql: 'SELECT * FROM notifications WHERE user_id = :userId', omit: ['message_id'] },
  messagesReceived: {
    sql: `
    SELECT
      r.id,
      m.event_id,
      m.subject,
      m.body,
      r.email,
      r.first_name,
      r.status,
      r.sent_at
    FROM event_message_recipients r
    JOIN event_messages m ON m.id = r.event_message_id
    WHERE r.user_id = :userId OR r.email = :verifiedEmail`,
  },
  messagesSent: { sql: 'SELECT * FROM event_messages WHERE sender_id = :userId' },
  events: { sql: 'SELECT * FROM events WHERE organizer_id = :userId', omit: ['search'] },
  discounts: { sql: 'SELECT * FROM discounts WHERE organizer_id = :userId' },
  products: { sql: 'SELECT * FROM products WHERE organizer_id = :userId', omit: ['search'] },
  ...supportSections,
  stockMovements: { sql: 'SELECT * FROM stock_movements WHERE user_id = :userId' },
  files: { sql: 'SELECT * FROM files WHERE owner_id = :userId' },
  idempotencyKeys: {
    sql: `
    SELECT
      row_number() OVER (ORDER BY key) AS id,
      key,
      answer,
      created_at,
      expires_at
    FROM idempotency_keys
    WHERE user_id = :userId`,
  },
};

export interface DataSubject {
  userId: number;
  /** In lower case. */
  email: string;
  /** The address if it is verified; what others have sent to an unverified address does not belong to the user. */
  verifiedEmail: string | null;
}

/** Lists the next rows of a section after an id. Not declared, because some sections have whatever columns their table has. */
export async function listPersonalData(
  db: Db,
  { sql }: Section,
  page: DataSubject & { after: number; limit: number },
): Promise<({ id: number } & Record<string, unknown>)[]> {
  const { rows } = await db.raw<{ rows: ({ id: number } & Record<string, unknown>)[] }>(
    `
  SELECT *
  FROM (${sql}) held
  WHERE held.id > :after
  ORDER BY held.id
  LIMIT :limit`,
    { ...page },
  );
  return rows;
}

const BLOCKERS = statement({
  name: 'privacy-blockers',
  columns: {
    path: text<'bookings' | 'orders' | 'refunds' | 'events' | 'products' | 'role'>('b.path'),
    id: int4('b.id'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT 'bookings' AS path, b.id
    FROM bookings b
    JOIN events e ON e.id = b.event_id
    WHERE b.user_id = :userId
      AND (b.status = 'pending' OR b.status = 'confirmed' AND e.ends_at > now() AND NOT ${HAS_TRANSFERRED})
    UNION ALL
    SELECT 'orders', id
    FROM orders
    WHERE user_id = :userId AND status IN ('pending', 'processing', 'disputed')
    UNION ALL
    SELECT 'refunds', r.id
    FROM refunds r
    WHERE r.payment_id IN (${OWN_PAYMENTS}) AND r.status = 'pending'
    UNION ALL
    SELECT 'events', e.id
    FROM events e
    WHERE e.organizer_id = :userId AND e.deleted_at IS NULL AND (
      e.status = 'published' AND e.ends_at > now()
      OR EXISTS (SELECT FROM orders o WHERE o.event_id = e.id AND o.status IN ('pending', 'processing'))
      OR EXISTS (
        SELECT FROM bookings b WHERE b.event_id = e.id AND ${isActiveBooking('b.status')} AND e.status = 'cancelled'
      )
    )
    UNION ALL
    SELECT 'products', p.id
    FROM products p
    JOIN product_inventory i ON i.product_id = p.id
    WHERE p.organizer_id = :userId AND i.held > 0
    UNION ALL
    SELECT 'role', id
    FROM users
    WHERE id = :userId AND role = 'admin'
      AND NOT EXISTS (SELECT FROM users WHERE role = 'admin' AND status = 'active' AND id <> :userId)
  ) b`,
});

export type Blocker = ResultOf<typeof BLOCKERS>;

/** Lists what prevents erasing an account: upcoming bookings and events, pending payments, and being the last admin. */
export async function listBlockers(db: Db, userId: number): Promise<Blocker[]> {
  return query(db, BLOCKERS, { userId });
}

/** Lists the waitlists and drafts that are given up when an account is erased. */
export async function listUnlinkedPersonalData(
  db: Db,
  userId: number,
): Promise<{ waiting: number[]; drafts: number[] }> {
  const [waiting, drafts] = await Promise.all([
    db('waitlist_entries').where({ user_id: userId }).whereIn('status', ['waiting', 'offered']).pluck('event_id'),
    db('events').where({ organizer_id: userId, status: 'draft' }).whereNull('deleted_at').pluck('id'),
  ]);
  return { waiting, drafts };
}

// The law requires keeping orders and invoices with the names and addresses of customer and seller, payments, refunds and the ledger.
const FORGET = Object.entries({
  sessions: `UPDATE sessions SET ip = '', user_agent = NULL WHERE user_id = :userId`,
  refreshTokens: 'DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE user_id = :userId)',
  tokens: 'DELETE FROM user_tokens WHERE user_id = :userId',
  idempotencyKeys: 'DELETE FROM idempotency_keys WHERE user_id = :userId',
  notifications: 'DELETE FROM notifications WHERE user_id = :userId',
  billing: 'DELETE FROM billing_profiles WHERE user_id = :userId',
  abandonedHolds: 'DELETE FROM abandoned_holds WHERE user_id = :userId',
  ...creditErasures,
  ...storeErasures,
  cancelReasons: 'UPDATE bookings SET cancel_reason = NULL WHERE user_id = :userId AND cancel_reason IS NOT NULL',
  bookedAttendees: `UPDATE booking_items SET attendees = NULL WHERE ${OWN_BOOKINGS} AND attendees IS NOT NULL`,
  attendees: `
  UPDATE tickets
  SET
    attendee_name = NULL,
    attendee_email = NULL
  WHERE (
      id IN (SELECT ticket_id FROM ticket_holders WHERE booker_id = :userId AND NOT is_transferred)
      OR ${OWN_BOOKINGS} AND lower(attendee_email) = :email
      OR lower(attendee_email) = :verifiedEmail
    )
    AND (attendee_name IS NOT NULL OR attendee_email IS NOT NULL)`,
  messagesReceived: `
  UPDATE event_message_recipients
  SET
    email = 'erased-' || gen_random_uuid() || '@erased.invalid',
    first_name = NULL,
    status = CASE status WHEN 'sent' THEN 'sent' ELSE 'skipped' END
  WHERE user_id = :userId OR email = :verifiedEmail`,
  ...supportErasures,
}).map(([name, sql]) => statement({ name: `privacy-forget-${name}`, columns: {}, sql: () => sql }));

/** Erases all personal data of a user, except what accounting requires. */
export async function eraseUser(trx: Trx, { userId, email, verifiedEmail }: DataSubject): Promise<void> {
  for (const forget of FORGET) await execute(trx, forget, { userId, email, verifiedEmail });
  await trx('users')
    .where({ id: userId })
    .update({
      email: getErasedAddress(userId),
      // No password matches this hash.
      password_hash: '!',
      first_name: null,
      last_name: null,
      phone: null,
      role: 'customer',
      status: 'suspended',
      locale: 'en',
      timezone: 'UTC',
      notification_preferences: '{}',
      email_verified_at: null,
      last_login_at: null,
      erased_at: trx.fn.now(),
      updated_at: trx.fn.now(),
    });
}
