-- migrate:up
-- Recipients were given the account of their address, whether it was verified or not; who has booked keeps theirs.
UPDATE event_message_recipients r SET user_id = NULL
FROM users u, event_messages m
WHERE u.id = r.user_id AND m.id = r.event_message_id AND u.email_verified_at IS NULL AND u.erased_at IS NULL
  AND NOT EXISTS (SELECT FROM bookings b WHERE b.user_id = u.id AND b.event_id = m.event_id);

-- Where somebody has signed in to an account: guesses from other networks do not keep its owner out of these.
CREATE TABLE sign_in_networks (
  account_hash bytea NOT NULL,
  network text NOT NULL,
  last_signed_in_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sign_in_networks_pkey PRIMARY KEY (account_hash, network)
);
CREATE INDEX sign_in_networks_last_signed_in_at_idx ON sign_in_networks (last_signed_in_at);

-- A session ends 30 days after its sign-in, however much it is used.
UPDATE sessions SET expires_at = created_at + interval '30 days' WHERE expires_at > created_at + interval '30 days';

-- Holds that were given up or ran out unpaid, for an hour: who made them, and from where they were last signed in.
CREATE TABLE abandoned_holds (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT abandoned_holds_pkey PRIMARY KEY,
  user_id integer NOT NULL CONSTRAINT abandoned_holds_user_id_fkey REFERENCES users ON DELETE CASCADE,
  ip text,
  abandoned_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX abandoned_holds_abandoned_at_idx ON abandoned_holds (abandoned_at);
CREATE INDEX abandoned_holds_user_id_idx ON abandoned_holds (user_id);

CREATE FUNCTION note_abandoned_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO abandoned_holds (user_id, ip)
  SELECT after.user_id, (SELECT s.ip FROM sessions s WHERE s.user_id = after.user_id ORDER BY s.last_used_at DESC LIMIT 1)
  FROM after JOIN before ON before.id = after.id JOIN events e ON e.id = after.event_id
  WHERE before.status = 'pending' AND after.status IN ('cancelled', 'expired') AND e.status = 'published';
  RETURN NULL;
END $$;
CREATE TRIGGER bookings_note_abandoned AFTER UPDATE ON bookings REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION note_abandoned_holds();

-- For what the files of an account take together.
CREATE INDEX files_owner_id_any_idx ON files (owner_id);

-- One for all spellings that reach the same mailbox: without what follows a plus sign, at Gmail without dots.
ALTER TABLE users ADD COLUMN mailbox text GENERATED ALWAYS AS (
  CASE WHEN split_part(lower(email), '@', 2) IN ('gmail.com', 'googlemail.com')
    THEN replace(split_part(split_part(lower(email), '@', 1), '+', 1), '.', '') || '@gmail.com'
    ELSE split_part(split_part(lower(email), '@', 1), '+', 1) || '@' || split_part(lower(email), '@', 2) END) STORED;
CREATE INDEX users_mailbox_idx ON users (mailbox) WHERE email_verified_at IS NOT NULL AND erased_at IS NULL;

-- migrate:down
DROP INDEX users_mailbox_idx;
ALTER TABLE users DROP COLUMN mailbox;
DROP INDEX files_owner_id_any_idx;
DROP TRIGGER bookings_note_abandoned ON bookings;
DROP FUNCTION note_abandoned_holds;
DROP TABLE abandoned_holds;
DROP TABLE sign_in_networks;
-- Whose account it was is not known any more; none of them lacks anything without.
