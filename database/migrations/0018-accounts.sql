-- migrate:up
-- Recipients were given the account of their address, whether it was verified or not; who has booked keeps theirs.
UPDATE event_message_recipients r SET user_id = NULL
FROM users u, event_messages m
WHERE u.id = r.user_id AND m.id = r.event_message_id AND u.email_verified_at IS NULL AND u.erased_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.user_id = u.id AND b.event_id = m.event_id);

-- migrate:down
-- Whose account it was is not known any more; none of them lacks anything without.
