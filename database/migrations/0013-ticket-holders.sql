-- migrate:up

-- Terms of the sale: what the event said when the booking was made. Null means what it means for events: the program's own window,
-- a refund in full.
ALTER TABLE bookings
  ADD COLUMN cancellation_window_hours numeric(8,2) CONSTRAINT bookings_cancellation_window_hours CHECK (cancellation_window_hours >= 0),
  ADD COLUMN refund_policy jsonb;

-- Counters and tickets do not change here; without their triggers this is one pass over the table.
ALTER TABLE bookings DISABLE TRIGGER USER;
UPDATE bookings b SET cancellation_window_hours = e.cancellation_window_hours, refund_policy = e.refund_policy
FROM events e
WHERE e.id = b.event_id AND (e.cancellation_window_hours IS NOT NULL OR e.refund_policy IS NOT NULL);
ALTER TABLE bookings ENABLE TRIGGER USER;

CREATE TRIGGER bookings_terms_unchanged BEFORE UPDATE OF cancellation_window_hours, refund_policy ON bookings
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who holds each ticket: the booker until it is transferred, then whoever has verified the address that it went to. user_id is null
-- while nobody has; then the ticket exists in the mail to that address alone. email is null once its holder was erased.
-- is_transferred says that the booker is not the holder.
CREATE VIEW ticket_holders WITH (security_invoker = true) AS
SELECT t.id AS ticket_id, t.booking_id, t.event_id, t.ticket_type_id, t.status, b.user_id AS booker_id,
       b.user_id, u.email, nullif(trim(concat_ws(' ', u.first_name, u.last_name)), '') AS name, false AS is_transferred
FROM tickets t
JOIN bookings b ON b.id = t.booking_id
JOIN users u ON u.id = b.user_id
WHERE t.transfers = 0
UNION ALL
SELECT t.id, t.booking_id, t.event_id, t.ticket_type_id, t.status, b.user_id,
       u.id, lower(t.attendee_email), t.attendee_name, u.id IS DISTINCT FROM b.user_id
FROM tickets t
JOIN bookings b ON b.id = t.booking_id
LEFT JOIN users u ON lower(u.email) = lower(t.attendee_email) AND u.email_verified_at IS NOT NULL
WHERE t.transfers > 0;

-- migrate:down
DROP VIEW ticket_holders;
DROP TRIGGER bookings_terms_unchanged ON bookings;
ALTER TABLE bookings DROP COLUMN refund_policy, DROP COLUMN cancellation_window_hours;
