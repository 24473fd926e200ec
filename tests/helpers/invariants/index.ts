import type { Knex } from 'knex';
import { getPreparedName } from '../../../src/database';
import { catalogInvariants } from './catalog';
import { checkoutInvariants } from './checkout';
import { creditInvariants } from './credits';
import { moneyInvariants } from './money';
import { storeInvariants } from './store';
import { supportInvariants } from './support';

// Invariants of the database that hold after every test. Each is a query for violations.

const bookingMessages = (topic: string, condition: string) => `
  SELECT b.id::text AS broken FROM bookings b
  LEFT JOIN outbox_messages m ON m.topic = '${topic}' AND (m.payload->>'bookingId')::int = b.id
  WHERE b.created_at > now() - interval '1 day'
  GROUP BY b.id HAVING count(m.id) <> CASE WHEN bool_or(${condition}) THEN 1 ELSE 0 END`;

const waitlistMessages = (topic: string, condition: string) => `
  SELECT w.id::text AS broken FROM waitlist_entries w
  LEFT JOIN outbox_messages m ON m.topic = '${topic}' AND (m.payload->>'entryId')::int = w.id
  WHERE w.joined_at > now() - interval '1 day'
  GROUP BY w.id HAVING count(m.id) <> CASE WHEN bool_or(${condition}) THEN 1 ELSE 0 END`;

/** True for bookings without tickets that were refunded one by one. */
const HAS_ALL =
  'NOT EXISTS (SELECT FROM returned_tickets r JOIN tickets t ON t.id = r.ticket_id WHERE t.booking_id = b.id)';

const CURRENCY_DECIMALS = `CASE WHEN e.currency IN ('JPY', 'KRW', 'CLP', 'ISK') THEN 0 WHEN e.currency IN ('KWD', 'BHD', 'TND', 'JOD', 'OMR') THEN 3 ELSE 2 END`;

/** Finds done messages without mail or notification, for users with default preferences. Skips rows whose status has changed. */
const undelivered = (topic: string, table: string, key: string, status: string) => `
  SELECT m.id::text AS broken FROM outbox_messages m
  JOIN ${table} t ON t.id = (m.payload->>'${key}')::int JOIN users u ON u.id = t.user_id
  WHERE m.topic = '${topic}' AND m.status = 'done' AND t.status = '${status}' AND u.notification_preferences = '{}'
    AND NOT (EXISTS (SELECT FROM message_effects f WHERE f.message_id = m.id AND f.handler = 'email')
         AND EXISTS (SELECT FROM notifications n WHERE n.message_id = m.id AND n.user_id = u.id))`;

export const invariants: Record<string, string> = {
  'an event’s sold counter equals the tickets of its confirmed bookings': `
    SELECT i.event_id::text AS broken FROM event_inventory i WHERE i.sold <>
      (SELECT coalesce(sum(b.tickets_count), 0) FROM bookings b WHERE b.event_id = i.event_id AND b.status = 'confirmed')`,
  'an event’s held counter equals the tickets of its pending bookings and offers': `
    SELECT i.event_id::text AS broken FROM event_inventory i WHERE i.held <>
      (SELECT coalesce(sum(b.tickets_count), 0) FROM bookings b WHERE b.event_id = i.event_id AND b.status = 'pending')
      + (SELECT coalesce(sum(w.offered_count), 0) FROM waitlist_entries w WHERE w.event_id = i.event_id AND w.status = 'offered')`,
  'an event’s waiting counter equals the length of its waitlist': `
    SELECT i.event_id::text AS broken FROM event_inventory i WHERE i.waiting <>
      (SELECT count(*) FROM waitlist_entries w WHERE w.event_id = i.event_id AND w.status = 'waiting')`,
  'a ticket type’s sold counter equals the items of confirmed bookings': `
    SELECT i.ticket_type_id::text AS broken FROM ticket_type_inventory i WHERE i.sold <>
      (SELECT coalesce(sum(t.quantity), 0) FROM booking_items t JOIN bookings b ON b.id = t.booking_id
       WHERE t.ticket_type_id = i.ticket_type_id AND b.status = 'confirmed')`,
  'a ticket type’s held counter equals the items of pending bookings and offers': `
    SELECT i.ticket_type_id::text AS broken FROM ticket_type_inventory i WHERE i.held <>
      (SELECT coalesce(sum(t.quantity), 0) FROM booking_items t JOIN bookings b ON b.id = t.booking_id
       WHERE t.ticket_type_id = i.ticket_type_id AND b.status = 'pending')
      + (SELECT coalesce(sum(w.offered_count), 0) FROM waitlist_entries w WHERE w.offered_ticket_type_id = i.ticket_type_id AND w.status = 'offered')`,
  'no event is oversold, counted by rows': `
    SELECT i.event_id::text AS broken FROM event_inventory i WHERE i.capacity <
      (SELECT coalesce(sum(b.tickets_count), 0) FROM bookings b WHERE b.event_id = i.event_id AND b.status IN ('pending', 'confirmed'))
      + (SELECT coalesce(sum(w.offered_count), 0) FROM waitlist_entries w WHERE w.event_id = i.event_id AND w.status = 'offered')`,
  'no ticket type is oversold, counted by rows': `
    SELECT i.ticket_type_id::text AS broken FROM ticket_type_inventory i WHERE i.capacity <
      (SELECT coalesce(sum(t.quantity), 0) FROM booking_items t JOIN bookings b ON b.id = t.booking_id
       WHERE t.ticket_type_id = i.ticket_type_id AND b.status IN ('pending', 'confirmed'))
      + (SELECT coalesce(sum(w.offered_count), 0) FROM waitlist_entries w WHERE w.offered_ticket_type_id = i.ticket_type_id AND w.status = 'offered')`,
  'an event’s available, held and sold tickets add up to its capacity': `
    SELECT i.event_id::text AS broken FROM event_inventory i
    WHERE i.capacity IS NOT NULL AND greatest(0, i.capacity - i.sold - i.held) + i.sold + i.held <> i.capacity`,
  'a ticket type’s available, held and sold tickets add up to its capacity': `
    SELECT i.ticket_type_id::text AS broken FROM ticket_type_inventory i
    WHERE i.capacity IS NOT NULL AND greatest(0, i.capacity - i.sold - i.held) + i.sold + i.held <> i.capacity`,
  'every event and ticket type has an inventory row': `
    SELECT 'event ' || e.id AS broken FROM events e WHERE NOT EXISTS (SELECT FROM event_inventory i WHERE i.event_id = e.id)
    UNION ALL SELECT 'type ' || t.id FROM ticket_types t
    WHERE NOT EXISTS (SELECT FROM ticket_type_inventory i WHERE i.ticket_type_id = t.id)`,
  'an event’s prices match its ticket types': `
    SELECT e.id::text AS broken FROM events e JOIN ticket_types t ON t.event_id = e.id AND t.deleted_at IS NULL
    GROUP BY e.id HAVING e.min_price <> min(t.price) OR e.max_price <> max(t.price)`,
  'an event’s sales copy for lists matches what can be bought': `
    SELECT e.id::text AS broken FROM events e LEFT JOIN event_sales x ON x.event_id = e.id CROSS JOIN LATERAL sale_of(e.id) s
    WHERE (x.is_listed, x.starts_at, x.ends_at) IS DISTINCT FROM (e.status = 'published' AND e.deleted_at IS NULL, e.starts_at, e.ends_at)
       OR (x.min_price, x.max_price) IS DISTINCT FROM (s.min_price, s.max_price) AND (x.changes_at IS NULL OR x.changes_at > now())`,
  'no user has two active bookings for an event that allows one': `
    SELECT b.user_id || ' at ' || b.event_id AS broken FROM bookings b WHERE b.is_exclusive AND b.status IN ('pending', 'confirmed')
    GROUP BY b.user_id, b.event_id HAVING count(*) > 1`,
  'a booking’s items add up to its ticket count': `
    SELECT b.id::text AS broken FROM bookings b
    WHERE b.tickets_count <> (SELECT coalesce(sum(t.quantity), 0) FROM booking_items t WHERE t.booking_id = b.id)`,
  'a booking’s items belong to its event': `
    SELECT b.id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id
    JOIN ticket_types t ON t.id = i.ticket_type_id WHERE t.event_id <> b.event_id`,
  'a booking’s total equals its items plus tax': `
    SELECT b.id::text AS broken FROM bookings b JOIN events e ON e.id = b.event_id
    WHERE e.updated_at <= b.created_at AND b.discount_id IS NULL AND b.order_id IS NULL AND ${HAS_ALL} AND b.total_amount + b.discount_amount <> (
      SELECT coalesce(sum(i.quantity * i.unit_price
        + CASE WHEN e.is_tax_inclusive THEN 0 ELSE round(i.quantity * i.unit_price * e.tax_rate / 100, ${CURRENCY_DECIMALS}) END), 0)
      FROM booking_items i WHERE i.booking_id = b.id)`,
  // Tax is rounded per item, so each item may add half of the smallest unit of the currency.
  'a discounted booking’s total equals its items less the discount, plus tax': `
    SELECT b.id::text AS broken FROM bookings b JOIN events e ON e.id = b.event_id
    JOIN LATERAL (SELECT sum(i.quantity * i.unit_price) - b.discount_amount AS amount,
                         CASE WHEN e.is_tax_inclusive THEN 0 ELSE count(*) * power(10::numeric, -(${CURRENCY_DECIMALS})) / 2 END AS slack
                  FROM booking_items i WHERE i.booking_id = b.id) remaining ON true
    WHERE e.updated_at <= b.created_at AND b.discount_id IS NOT NULL AND ${HAS_ALL} AND (remaining.amount < 0 OR
      abs(b.total_amount - remaining.amount * (1 + CASE WHEN e.is_tax_inclusive THEN 0 ELSE e.tax_rate / 100 END)) > remaining.slack)`,
  'a discount’s counter equals its active bookings and checkout orders': `
    SELECT d.id::text AS broken FROM discounts d WHERE d.used_count <>
      (SELECT count(*) FROM bookings b WHERE b.discount_id = d.id AND b.status IN ('pending', 'confirmed'))
      + (SELECT count(*) FROM order_discounts u WHERE u.discount_id = d.id AND u.is_active)`,
  'no discount exceeds its limit, counted by rows': `
    SELECT d.id::text AS broken FROM discounts d WHERE d.max_uses <
      (SELECT count(*) FROM bookings b WHERE b.discount_id = d.id AND b.status IN ('pending', 'confirmed'))
      + (SELECT count(*) FROM order_discounts u WHERE u.discount_id = d.id AND u.is_active)`,
  'no user exceeds a discount’s limit per user': `
    SELECT d.id::text AS broken FROM discounts d JOIN bookings b ON b.discount_id = d.id AND b.status IN ('pending', 'confirmed')
    WHERE d.updated_at = d.created_at GROUP BY d.id, b.user_id HAVING count(*) > d.max_uses_per_user`,
  'a discount is used only at its organizer’s events and in its currency': `
    SELECT b.id::text AS broken FROM bookings b JOIN events e ON e.id = b.event_id JOIN discounts d ON d.id = b.discount_id
    WHERE d.organizer_id <> e.organizer_id
       OR (d.updated_at <= b.created_at AND (d.event_id <> b.event_id OR d.currency <> b.currency))`,
  'an active booking is in its event’s currency': `
    SELECT b.id::text AS broken FROM bookings b JOIN events e ON e.id = b.event_id
    WHERE b.currency <> e.currency AND b.status IN ('pending', 'confirmed')`,
  'no pending booking is free of charge': `
    SELECT b.id::text AS broken FROM bookings b WHERE b.status = 'pending' AND b.total_amount = 0 AND b.order_id IS NULL`,
  'every pending booking has an expiry after its creation': `
    SELECT b.id::text AS broken FROM bookings b WHERE b.status = 'pending' AND (b.expires_at IS NULL OR b.expires_at <= b.created_at)`,
  'a booking’s timestamps match its status': `
    SELECT b.id::text AS broken FROM bookings b WHERE (CASE b.status
      WHEN 'pending' THEN b.confirmed_at IS NULL AND b.cancelled_at IS NULL AND b.expired_at IS NULL
      WHEN 'confirmed' THEN b.confirmed_at >= b.created_at AND b.cancelled_at IS NULL
      WHEN 'cancelled' THEN b.cancelled_at >= b.created_at AND (b.expired_at IS NULL OR b.confirmed_at >= b.expired_at)
      WHEN 'expired' THEN b.expired_at >= b.created_at AND b.cancelled_at IS NULL AND b.confirmed_at IS NULL END) IS NOT TRUE`,
  'a waitlist entry’s timestamps match its status': `
    SELECT w.id::text AS broken FROM waitlist_entries w WHERE (CASE w.status
      WHEN 'waiting' THEN num_nonnulls(w.offered_at, w.claimed_at, w.expired_at, w.left_at) = 0
      WHEN 'offered' THEN w.offered_at >= w.joined_at AND num_nonnulls(w.claimed_at, w.expired_at, w.left_at) = 0
      WHEN 'claimed' THEN w.claimed_at IS NOT NULL AND num_nonnulls(w.expired_at, w.left_at) = 0
      WHEN 'expired' THEN w.expired_at >= w.offered_at AND num_nonnulls(w.claimed_at, w.left_at) = 0
      WHEN 'left' THEN w.left_at IS NOT NULL AND num_nonnulls(w.claimed_at, w.expired_at) = 0 END) IS NOT TRUE`,
  'every offer has an expiry, a count and a ticket type': `
    SELECT w.id::text AS broken FROM waitlist_entries w
    WHERE w.status = 'offered' AND (num_nulls(w.offer_expires_at, w.offered_count, w.offered_ticket_type_id) > 0 OR w.offer_expires_at < w.offered_at)`,
  'an offer matches its waitlist entry’s event, type and count': `
    SELECT w.id::text AS broken FROM waitlist_entries w JOIN ticket_types t ON t.id = w.offered_ticket_type_id
    WHERE t.event_id <> w.event_id OR t.id <> w.ticket_type_id OR w.offered_count > w.tickets_count
      OR (w.offered_count < w.tickets_count AND NOT w.is_accepting_fewer)`,
  'every offer is covered by held tickets': `
    SELECT w.offered_ticket_type_id::text AS broken FROM waitlist_entries w
    JOIN ticket_type_inventory i ON i.ticket_type_id = w.offered_ticket_type_id
    JOIN event_inventory e ON e.event_id = w.event_id
    WHERE w.status = 'offered' GROUP BY w.offered_ticket_type_id, i.held, e.held HAVING sum(w.offered_count) > least(i.held, e.held)`,
  'no user is on the same waitlist twice': `
    SELECT w.user_id || ' at ' || w.event_id AS broken FROM waitlist_entries w WHERE w.status IN ('waiting', 'offered')
    GROUP BY w.user_id, w.event_id HAVING count(*) > 1`,
  'no user waits for an event that they have booked': `
    SELECT w.id::text AS broken FROM waitlist_entries w
    JOIN bookings b ON b.user_id = w.user_id AND b.event_id = w.event_id AND b.is_exclusive AND b.status IN ('pending', 'confirmed')
    WHERE w.status IN ('waiting', 'offered')`,
  'a claimed waitlist entry has one booking, and that booking has the entry': `
    SELECT 'entry ' || w.id AS broken FROM waitlist_entries w LEFT JOIN bookings b ON b.waitlist_entry_id = w.id
    WHERE w.status = 'claimed' GROUP BY w.id HAVING count(b.id) <> 1
    UNION ALL SELECT 'booking ' || b.id FROM bookings b JOIN waitlist_entries w ON w.id = b.waitlist_entry_id
    WHERE w.status <> 'claimed' OR w.user_id <> b.user_id OR w.event_id <> b.event_id`,
  'no tickets are available that would suffice for a waiting entry': `
    SELECT w.id::text AS broken FROM waitlist_entries w
    JOIN events e ON e.id = w.event_id AND e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at > now()
    JOIN users waiter ON waiter.id = w.user_id AND waiter.status = 'active'
    JOIN users organizer ON organizer.id = e.organizer_id AND organizer.status = 'active'
    JOIN event_inventory i ON i.event_id = e.id
    JOIN ticket_types t ON t.event_id = e.id AND t.deleted_at IS NULL AND t.id = coalesce(w.ticket_type_id, t.id)
    JOIN ticket_type_inventory ti ON ti.ticket_type_id = t.id
    WHERE w.status = 'waiting' AND coalesce(t.sales_start_at, '-infinity') <= now() AND now() < coalesce(t.sales_end_at, e.starts_at)
      AND w.tickets_count BETWEEN t.min_per_booking AND coalesce(t.max_per_booking, w.tickets_count)
      AND w.tickets_count <= least(i.capacity - i.sold - i.held, ti.capacity - ti.sold - ti.held, 1000)`,
  'every confirmed booking has valid tickets for all its items, and no other booking has any': `
    SELECT b.id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id
    WHERE CASE WHEN b.status = 'confirmed' THEN i.quantity ELSE 0 END <>
      (SELECT count(*) FROM tickets t WHERE t.booking_id = b.id AND t.ticket_type_id = i.ticket_type_id AND t.status = 'valid')`,
  'an event’s valid tickets equal its sold counter': `
    SELECT i.event_id::text AS broken FROM event_inventory i WHERE i.sold <>
      (SELECT count(*) FROM tickets t WHERE t.event_id = i.event_id AND t.status = 'valid')`,
  'a ticket belongs to its booking’s event and items': `
    SELECT t.id::text AS broken FROM tickets t LEFT JOIN bookings b ON b.id = t.booking_id
    LEFT JOIN booking_items i ON i.booking_id = t.booking_id AND i.ticket_type_id = t.ticket_type_id
    WHERE b.event_id IS DISTINCT FROM t.event_id OR i.booking_id IS NULL`,
  'a seated ticket type’s quantity equals its seats for sale': `
    SELECT s.ticket_type_id::text AS broken FROM seats s JOIN ticket_type_inventory i ON i.ticket_type_id = s.ticket_type_id
    WHERE s.removed_at IS NULL GROUP BY s.ticket_type_id, i.capacity
    HAVING count(*) FILTER (WHERE NOT s.is_blocked) IS DISTINCT FROM i.capacity`,
  'no seat is booked twice': `
    SELECT seat_id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id CROSS JOIN unnest(i.seat_ids) seat_id
    WHERE b.status IN ('pending', 'confirmed') GROUP BY seat_id HAVING count(*) > 1`,
  'every ticket of a seated type has a seat': `
    SELECT b.id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id
    WHERE b.status IN ('pending', 'confirmed') AND i.seat_ids IS NULL
      AND EXISTS (SELECT FROM seats s WHERE s.ticket_type_id = i.ticket_type_id AND s.removed_at IS NULL)`,
  'booking_seats has the seats of active bookings and no others': `
    SELECT b.id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id
    WHERE (SELECT array_agg(s.seat_id ORDER BY s.seat_id) FROM booking_seats s WHERE s.booking_id = b.id AND s.ticket_type_id = i.ticket_type_id)
      IS DISTINCT FROM CASE WHEN b.status IN ('pending', 'confirmed') THEN (SELECT array_agg(n ORDER BY n) FROM unnest(i.seat_ids) n) END`,
  'a taken seat is for sale and belongs to its booking’s event and type': `
    SELECT t.seat_id::text AS broken FROM booking_seats t JOIN seats s ON s.id = t.seat_id JOIN bookings b ON b.id = t.booking_id
    WHERE s.event_id <> b.event_id OR s.ticket_type_id <> t.ticket_type_id OR s.is_blocked OR s.removed_at IS NOT NULL`,
  'an event’s free seats suffice for its offers': `
    SELECT w.offered_ticket_type_id::text AS broken FROM waitlist_entries w
    JOIN LATERAL (SELECT count(*) AS seats, count(*) FILTER (WHERE NOT s.is_blocked AND t.seat_id IS NULL) AS free
                  FROM seats s LEFT JOIN booking_seats t ON t.seat_id = s.id
                  WHERE s.ticket_type_id = w.offered_ticket_type_id AND s.removed_at IS NULL) s ON s.seats > 0
    WHERE w.status = 'offered' GROUP BY w.offered_ticket_type_id, s.free HAVING sum(w.offered_count) > s.free`,
  'a booking’s valid tickets have the seats of the booking': `
    SELECT b.id::text AS broken FROM bookings b JOIN booking_items i ON i.booking_id = b.id
    WHERE b.status = 'confirmed' AND (SELECT array_agg(n ORDER BY n) FROM unnest(i.seat_ids) n) IS DISTINCT FROM
      (SELECT array_agg(t.seat_id ORDER BY t.seat_id) FILTER (WHERE t.seat_id IS NOT NULL) FROM tickets t
       WHERE t.booking_id = b.id AND t.ticket_type_id = i.ticket_type_id AND t.status = 'valid')`,
  'a companion seat belongs to an accessible seat of the same event': `
    SELECT c.id::text AS broken FROM seats c JOIN seats s ON s.id = c.companion_of
    WHERE c.removed_at IS NULL AND (s.event_id <> c.event_id OR NOT s.is_accessible OR s.removed_at IS NOT NULL)`,
  'no two tickets have the same code': `SELECT t.nonce::text AS broken FROM tickets t GROUP BY t.nonce HAVING count(*) > 1`,
  'every check-in was made with a ticket that was issued and not void or transferred': `
    SELECT t.id::text AS broken FROM tickets t JOIN bookings b ON b.id = t.booking_id
    WHERE t.checked_in_at < b.confirmed_at OR t.checked_in_at > t.voided_at OR t.checked_in_at < t.transferred_at`,
  'a ticket has one message for each transfer': `
    SELECT t.id::text AS broken FROM tickets t LEFT JOIN outbox_messages m ON m.topic = 'ticket.transferred' AND (m.payload->>'ticketId')::int = t.id
    GROUP BY t.id HAVING count(DISTINCT m.payload->>'transfer') <> t.transfers OR count(m.id) <> t.transfers`,
  'every booking that was confirmed has one confirmation message, and no other has one': bookingMessages(
    'booking.confirmed',
    'b.confirmed_at IS NOT NULL',
  ),
  'every cancelled booking has one cancellation message, and no other has one': bookingMessages(
    'booking.cancelled',
    `b.status = 'cancelled'`,
  ),
  'every booking that expired has one expiry message, and no other has one': bookingMessages(
    'booking.expired',
    'b.expired_at IS NOT NULL',
  ),
  'every waitlist entry that got an offer has one offer message, and no other has one': waitlistMessages(
    'waitlist.offered',
    'w.offered_at IS NOT NULL',
  ),
  'every expired offer has one expiry message, and no other entry has one': waitlistMessages(
    'waitlist.expired',
    `w.status = 'expired'`,
  ),
  'no message is about a row that does not exist': `
    SELECT m.id::text AS broken FROM outbox_messages m
    WHERE NOT EXISTS (SELECT FROM bookings b WHERE b.id = (m.payload->>'bookingId')::int) AND m.payload ? 'bookingId'
       OR NOT EXISTS (SELECT FROM waitlist_entries w WHERE w.id = (m.payload->>'entryId')::int) AND m.payload ? 'entryId'
       OR NOT EXISTS (SELECT FROM tickets t WHERE t.id = (m.payload->>'ticketId')::int) AND m.payload ? 'ticketId'
       OR NOT EXISTS (SELECT FROM orders o WHERE o.id = (m.payload->>'orderId')::int) AND m.payload ? 'orderId'
       OR NOT EXISTS (SELECT FROM payments p WHERE p.id = (m.payload->>'paymentId')::int) AND m.payload ? 'paymentId'
       OR NOT EXISTS (SELECT FROM refunds r WHERE r.id = (m.payload->>'refundId')::int) AND m.payload ? 'refundId'
       OR NOT EXISTS (SELECT FROM events e WHERE e.id = (m.payload->>'eventId')::int) AND m.payload ? 'eventId'`,
  'a handled confirmation message has sent its mail and notification': undelivered(
    'booking.confirmed',
    'bookings',
    'bookingId',
    'confirmed',
  ),
  'a handled offer message has sent its mail and notification': undelivered(
    'waitlist.offered',
    'waitlist_entries',
    'entryId',
    'offered',
  ),
  'an event whose cancellation was handled has no active bookings or waitlist entries': `
    SELECT m.id::text AS broken FROM outbox_messages m WHERE m.topic = 'event.cancelled' AND m.status = 'done'
      AND (EXISTS (SELECT FROM bookings b WHERE b.event_id = (m.payload->>'eventId')::int AND b.status IN ('pending', 'confirmed'))
        OR EXISTS (SELECT FROM waitlist_entries w WHERE w.event_id = (m.payload->>'eventId')::int AND w.status IN ('waiting', 'offered')))`,
  'a recipient of an announcement has one message once it is queued, and none before': `
    SELECT r.id::text AS broken FROM event_message_recipients r
    LEFT JOIN outbox_messages m ON m.topic = 'event.message_due' AND (m.payload->>'recipientId')::bigint = r.id
    WHERE r.queued_at IS NULL OR r.queued_at > now() - interval '1 day'
    GROUP BY r.id HAVING count(m.id) <> CASE WHEN r.queued_at IS NULL THEN 0 ELSE 1 END`,
  'an erased account has no personal data': `
    SELECT u.id::text AS broken FROM users u WHERE u.erased_at IS NOT NULL AND (u.email !~ ('^erased-' || u.id || '(-[0-9a-f-]{36})?@erased[.]invalid$')
      OR num_nonnulls(u.first_name, u.last_name, u.phone, u.email_verified_at, u.last_login_at) > 0 OR u.status <> 'suspended'
      OR u.notification_preferences <> '{}'
      OR EXISTS (SELECT FROM sessions s WHERE s.user_id = u.id AND (s.revoked_at IS NULL OR s.ip <> '' OR s.user_agent IS NOT NULL))
      OR EXISTS (SELECT FROM tickets t JOIN ticket_holders h ON h.ticket_id = t.id
                 WHERE h.booker_id = u.id AND NOT h.is_transferred AND num_nonnulls(t.attendee_name, t.attendee_email) > 0))`,
  'a message’s timestamps match its status': `
    SELECT m.id::text AS broken FROM outbox_messages m WHERE (m.status = 'done') <> (m.done_at IS NOT NULL)
      OR (m.status = 'queued' AND m.queued_at IS NULL) OR (m.status = 'delayed' AND m.available_at IS NULL) OR (m.status = 'parked' AND m.parked_at IS NULL)`,
  ...moneyInvariants,
  ...catalogInvariants,
  ...checkoutInvariants,
  ...storeInvariants,
  ...creditInvariants,
  ...supportInvariants,
  'a cover or logo is a stored file with that purpose': `
    SELECT 'event ' || e.id AS broken FROM events e LEFT JOIN files f ON f.key = e.cover_key
    WHERE e.cover_key IS NOT NULL AND (f.purpose = 'cover' AND f.status = 'stored') IS NOT TRUE
    UNION ALL SELECT 'user ' || u.id FROM users u LEFT JOIN files f ON f.key = u.logo_key
    WHERE u.logo_key IS NOT NULL AND (f.purpose = 'logo' AND f.status = 'stored' AND f.owner_id = u.id) IS NOT TRUE`,
  'a stored image with a purpose is in use': `
    SELECT f.id::text AS broken FROM files f WHERE f.status = 'stored' AND f.purpose <> 'file'
      AND NOT EXISTS (SELECT FROM events e WHERE e.cover_key = f.key) AND NOT EXISTS (SELECT FROM users u WHERE u.logo_key = f.key)
      AND NOT EXISTS (SELECT FROM product_images m WHERE m.file_key = f.key)`,
  'an image’s variants are narrower and named after it': `
    SELECT f.id::text AS broken FROM files f CROSS JOIN LATERAL jsonb_array_elements(f.variants) v
    WHERE (v->>'width')::int >= f.width OR v->>'key' <> replace(f.key, '.', '-' || (v->>'width') || '.')`,
  'a stored response to a booking is about a booking of its user': `
    SELECT k.key AS broken FROM idempotency_keys k WHERE k.answer->>'reference' IS NOT NULL
      AND NOT EXISTS (SELECT FROM bookings b WHERE b.id = (k.answer->>'id')::int AND b.user_id = k.user_id AND b.reference = k.answer->>'reference')`,
  'a stored response to a waitlist request is about an entry of its user': `
    SELECT k.key AS broken FROM idempotency_keys k WHERE k.answer->>'joinedAt' IS NOT NULL
      AND NOT EXISTS (SELECT FROM waitlist_entries w WHERE w.id = (k.answer->>'id')::int AND w.user_id = k.user_id)`,
  'a booking is in at most one stored response': `
    SELECT (k.answer->>'reference') AS broken FROM idempotency_keys k WHERE k.answer->>'reference' IS NOT NULL
    GROUP BY k.answer->>'reference' HAVING count(*) > 1`,
  'every entry of the audit log is either chained or waiting to be chained': `
    SELECT e.id::text AS broken FROM audit_entries e WHERE
      (SELECT count(*) FROM audit_chain c WHERE c.entry_id = e.id) + (SELECT count(*) FROM audit_unchained u WHERE u.entry_id = e.id) <> 1`,
  'the chain of the audit log has no gap': `
    SELECT max(c.position)::text AS broken FROM audit_chain c HAVING max(c.position) <> count(*)`,
  'the analytics do not count more bookings than exist': `
    SELECT sum(a.bookings)::text AS broken FROM analytics_slots a WHERE a.organizer_id = 0
    HAVING sum(a.bookings) > (SELECT count(*) FROM bookings b WHERE b.confirmed_at IS NOT NULL)`,
  'the analytics of all events equal the sum over each event': `
    SELECT a.slot::text AS broken FROM analytics_slots a GROUP BY a.slot
    HAVING sum(a.bookings) FILTER (WHERE a.event_id = 0) IS DISTINCT FROM coalesce(sum(a.bookings) FILTER (WHERE a.event_id > 0), 0)`,
};

const ALL = Object.entries(invariants)
  .map(([name, query]) => `SELECT '${name}' AS name, q.broken FROM (${query}) q`)
  .join('\nUNION ALL\n')
  // Knex would read a question mark as a binding.
  .replaceAll('?', '\\?');

export interface Violation {
  name: string;
  /** The ids of the rows that violate it. */
  broken: string;
}

/** Returns all violations. The statement is prepared, because planning it takes twice as long as running it. */
export async function violations(db: Knex): Promise<Violation[]> {
  const { rows } = await db.raw<{ rows: Violation[] }>(ALL).options(getPreparedName('invariants'));
  return rows;
}
