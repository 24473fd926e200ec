import type { BookingStatus, WaitlistEntryStatus } from '../../lib/statuses';
import { bool, decimal, float8, int4, json, jsonb, ms, orNull, text, uuid } from '../statement';
import { IS_ATTENDEE_KNOWN, IS_TRANSFERRED } from '../tickets/ticket-holders';
import type { RefundPolicy } from '../../lib/booking-terms';
import type { BookingItem, OrderState, TicketState } from './types';

/** A ticket as part of a booking; `t` is its row. */
export const TICKET = `json_build_object(
    'id', t.id,
    'ticketTypeId', t.ticket_type_id,
    'nonce', t.nonce,
    'status', t.status,
    'isTransferred', ${IS_TRANSFERRED},
    'checkedInAt', ${ms('t.checked_in_at').expression},
    'attendeeName', CASE WHEN ${IS_ATTENDEE_KNOWN} THEN t.attendee_name END,
    'seatId', t.seat_id
  )`;

/** A seat as part of a booking or ticket; `s` is its row. */
export const SEAT = `json_build_object(
    'id', s.id,
    'section', s.section,
    'row', s.row_name,
    'number', s.number,
    'ticketTypeId', s.ticket_type_id
  )`;

/** Returns an expression for all seats of a booking. */
export const selectSeats = (bookingId: string): string => `coalesce((
    SELECT json_agg(${SEAT} ORDER BY i.ticket_type_id, n)
    FROM booking_items i
    CROSS JOIN unnest(i.seat_ids) WITH ORDINALITY AS u(id, n)
    JOIN seats s ON s.id = u.id
    WHERE i.booking_id = ${bookingId}
  ), '[]')`;

const PAYMENT = `json_build_object(
      'id', p.id,
      'provider', p.provider,
      'intentId', p.intent_id,
      'status', p.status,
      'amount', p.amount::text,
      'currency', p.currency,
      'captured', p.captured::text,
      'refunded', p.refunded::text,
      'isDisputed', p.is_disputed
    )`;

/** The payments of an order `o`. */
export const PAYMENTS_OF_ORDER = `coalesce((SELECT json_agg(${PAYMENT} ORDER BY p.id) FROM payments p WHERE p.order_id = o.id), '[]')`;

// An order made by a booking refers to it; a booking made by a checkout refers to its order.
const ORDER = `(
    SELECT json_build_object(
      'id', o.id,
      'orderNumber', o.order_number,
      'userId', o.user_id,
      'status', o.status,
      'total', o.total::text,
      'creditsApplied', o.credits_applied::text,
      'currency', o.currency,
      'paymentId', o.payment_id,
      'payments', ${PAYMENTS_OF_ORDER}
    )
    FROM orders o
    WHERE o.id = coalesce(b.order_id, (SELECT id FROM orders WHERE booking_id = b.id))
  )`;

const ITEMS = `(
    SELECT json_agg(json_build_object(
      'ticketTypeId', bi.ticket_type_id,
      'name', tt.name,
      'quantity', bi.quantity,
      'unitPrice', bi.unit_price::text,
      'seats', CASE WHEN bi.seat_ids IS NOT NULL THEN (
        SELECT json_agg(${SEAT} ORDER BY n)
        FROM unnest(bi.seat_ids) WITH ORDINALITY AS u(id, n)
        JOIN seats s ON s.id = u.id
      ) END
    ) ORDER BY tt.id)
    FROM booking_items bi
    JOIN ticket_types tt ON tt.id = bi.ticket_type_id
    WHERE bi.booking_id = b.id
  )`;

const TICKETS = `coalesce((
    SELECT json_agg(${TICKET} ORDER BY t.ticket_type_id, t.id)
    FROM tickets t
    WHERE t.booking_id = b.id
  ), '[]'::json)`;

/** A booking wherever it is read; `b` is its row. */
export const BOOKING = {
  /** 0 until it is written. */
  id: int4('b.id'),
  reference: text('b.reference'),
  userId: int4('b.user_id'),
  eventId: int4('b.event_id'),
  ticketsCount: int4('b.tickets_count'),
  status: text<BookingStatus>('b.status'),
  totalAmount: decimal('b.total_amount'),
  discountAmount: decimal('b.discount_amount'),
  discountId: orNull(int4('b.discount_id')),
  currency: text('b.currency'),
  /** The order of the checkout that made it. */
  orderId: orNull(int4('b.order_id')),
  isExclusive: bool('b.is_exclusive'),
  /** The terms at the time of the sale; null as for events. */
  cancellationWindowHours: orNull(float8('b.cancellation_window_hours::float8')),
  refundPolicy: orNull(jsonb<RefundPolicy>('b.refund_policy')),
  requestId: uuid('b.request_id'),
  cancelRequestId: orNull(uuid('b.cancel_request_id')),
  cancelReason: orNull(text('b.cancel_reason')),
  expiresAt: orNull(ms('b.expires_at')),
  createdAt: ms('b.created_at'),
  confirmedAt: orNull(ms('b.confirmed_at')),
  cancelledAt: orNull(ms('b.cancelled_at')),
  expiredAt: orNull(ms('b.expired_at')),
  /** Null if the booking is free of charge. */
  order: orNull(json<OrderState>(ORDER)),
  items: json<BookingItem[]>(ITEMS),
  /** Issued on confirmation. For a booking made in this batch, filled in once the batch is committed. */
  tickets: json<TicketState[]>(TICKETS),
};

/** A waitlist entry wherever it is read; `w` is its row. */
export const WAITLIST_ENTRY = {
  /** 0 until it is written. */
  id: int4('w.id'),
  userId: int4('w.user_id'),
  eventId: int4('w.event_id'),
  ticketTypeId: orNull(int4('w.ticket_type_id')),
  ticketsCount: int4('w.tickets_count'),
  acceptFewer: bool('w.is_accepting_fewer'),
  status: text<WaitlistEntryStatus>('w.status'),
  offeredCount: orNull(int4('w.offered_count')),
  offeredTicketTypeId: orNull(int4('w.offered_ticket_type_id')),
  offerExpiresAt: orNull(ms('w.offer_expires_at')),
  requestId: uuid('w.request_id'),
  joinedAt: ms('w.joined_at'),
};

/** True if the user of entry `w` has paid for an order or attended an event. */
export const HAS_HISTORY = `(
    EXISTS (SELECT FROM orders o WHERE o.user_id = w.user_id AND o.status = 'paid')
    OR EXISTS (
      SELECT
      FROM bookings b
      JOIN events e ON e.id = b.event_id
      WHERE b.user_id = w.user_id AND b.status = 'confirmed' AND e.ends_at < now()
    )
  )`;
