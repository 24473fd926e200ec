-- migrate:up

-- What happened in each quarter of an hour, of which every zone's days are made up. Rows with organizer 0 and event 0 are of everybody.
CREATE TABLE analytics_slots (
  organizer_id integer NOT NULL,
  slot timestamptz NOT NULL,
  event_id integer NOT NULL,
  -- Confirmed in it; and, of confirmed ones, cancelled in it.
  bookings integer NOT NULL DEFAULT 0,
  tickets integer NOT NULL DEFAULT 0,
  cancellations integer NOT NULL DEFAULT 0,
  cancelled_tickets integer NOT NULL DEFAULT 0,
  -- Who registered; of everybody only.
  new_users integer NOT NULL DEFAULT 0,
  -- Who booked, each once.
  user_ids integer[] NOT NULL DEFAULT '{}',
  CONSTRAINT analytics_slots_pkey PRIMARY KEY (organizer_id, slot, event_id),
  CONSTRAINT analytics_slots_quarter CHECK (slot = date_bin('15 minutes', slot, 'epoch')),
  CONSTRAINT analytics_slots_scope CHECK ((organizer_id = 0) = (event_id = 0))
);
CREATE INDEX analytics_slots_slot_idx ON analytics_slots (slot) WHERE event_id > 0;

-- Money that came in and was given back, by the ledger.
CREATE TABLE analytics_revenues (
  organizer_id integer NOT NULL,
  slot timestamptz NOT NULL,
  event_id integer NOT NULL,
  currency text NOT NULL,
  gross numeric(17,3) NOT NULL DEFAULT 0,
  refunded numeric(17,3) NOT NULL DEFAULT 0,
  -- Of what is left.
  tax numeric(17,3) NOT NULL DEFAULT 0,
  CONSTRAINT analytics_revenues_pkey PRIMARY KEY (organizer_id, slot, event_id, currency),
  CONSTRAINT analytics_revenues_quarter CHECK (slot = date_bin('15 minutes', slot, 'epoch'))
);

-- How far that has got. What is dated later has a higher id than these, which were seen before that moment.
CREATE TABLE analytics_progress (
  is_only boolean DEFAULT true CONSTRAINT analytics_progress_pkey PRIMARY KEY CONSTRAINT analytics_progress_only CHECK (is_only),
  counted_until timestamptz NOT NULL DEFAULT '-infinity',
  booking_id integer NOT NULL DEFAULT 0,
  ledger_entry_id bigint NOT NULL DEFAULT 0,
  user_id integer NOT NULL DEFAULT 0,
  -- The same ids as last seen, and when: they take the place of those above once all is counted up to then.
  seen_at timestamptz NOT NULL DEFAULT '-infinity',
  seen_booking_id integer NOT NULL DEFAULT 0,
  seen_ledger_entry_id bigint NOT NULL DEFAULT 0,
  seen_user_id integer NOT NULL DEFAULT 0
);
INSERT INTO analytics_progress DEFAULT VALUES;

-- How things stand, as a schedule last counted it: what would grow with the tables if each look at the dashboard counted it.
CREATE TABLE analytics_standing (
  is_only boolean DEFAULT true CONSTRAINT analytics_standing_pkey PRIMARY KEY CONSTRAINT analytics_standing_only CHECK (is_only),
  standing jsonb NOT NULL,
  counted_at timestamptz NOT NULL
);

-- A booking costs none of these anything when it is made free of charge: it is in them once it is paid for, or ends.
CREATE INDEX bookings_paid_at_idx ON bookings (confirmed_at) WHERE confirmed_at > created_at;
CREATE INDEX bookings_cancelled_at_idx ON bookings (cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX bookings_ended_idx ON bookings (status, id) WHERE status IN ('cancelled', 'expired');
CREATE INDEX bookings_created_at_idx ON bookings USING brin (created_at) WITH (pages_per_range = 32);

CREATE INDEX orders_status_idx ON orders (status, id);
CREATE INDEX orders_created_at_idx ON orders USING brin (created_at) WITH (pages_per_range = 32);
CREATE INDEX events_all_starts_at_idx ON events (starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX events_all_created_at_idx ON events (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX events_status_idx ON events (status, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX users_created_at_idx ON users (created_at, id);
CREATE INDEX users_role_idx ON users (role, id);
CREATE INDEX users_suspended_idx ON users (id) WHERE status = 'suspended';
CREATE INDEX users_email_prefix_idx ON users (lower(email) text_pattern_ops);
CREATE INDEX users_first_name_prefix_idx ON users (lower(first_name) text_pattern_ops);
CREATE INDEX users_last_name_prefix_idx ON users (lower(last_name) text_pattern_ops);

-- Who changed what, and from where: written in the transaction of the change.
CREATE TABLE audit_entries (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_pkey PRIMARY KEY,
  -- No reference: what was done stays, whoever goes. Null: the terminal, or a schedule.
  actor_id integer,
  actor_role text NOT NULL,
  -- The use-case: event.update, order.refund …
  action text NOT NULL CONSTRAINT audit_entries_action CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  subject_type text NOT NULL,
  subject_id integer,
  details jsonb NOT NULL,
  ip text,
  user_agent text,
  request_id text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_entries_actor_id_idx ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_action_idx ON audit_entries (action, id);
CREATE INDEX audit_entries_subject_idx ON audit_entries (subject_type, subject_id, id);
CREATE INDEX audit_entries_created_at_idx ON audit_entries (created_at, id);

-- Entries that the chain has not reached: put here by a trigger, taken out by whoever chains.
CREATE TABLE audit_unchained (
  entry_id bigint CONSTRAINT audit_unchained_pkey PRIMARY KEY CONSTRAINT audit_unchained_entry_id_fkey REFERENCES audit_entries
);

-- Each link's hash is over the one before and its entry: nobody can change, take out or put in an entry without changing all that follow.
CREATE TABLE audit_chain (
  position bigint CONSTRAINT audit_chain_pkey PRIMARY KEY CONSTRAINT audit_chain_position CHECK (position > 0),
  entry_id bigint NOT NULL CONSTRAINT audit_chain_entry_id_key UNIQUE CONSTRAINT audit_chain_entry_id_fkey REFERENCES audit_entries,
  hash bytea NOT NULL CONSTRAINT audit_chain_hash CHECK (length(hash) = 32)
);

CREATE FUNCTION await_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_unchained SELECT id FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_entries_await_chain AFTER INSERT ON audit_entries REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION await_audit_chain();
CREATE TRIGGER audit_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_chain_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TABLE audit_chain, audit_unchained, audit_entries;
DROP FUNCTION await_audit_chain;
DROP INDEX users_last_name_prefix_idx, users_first_name_prefix_idx, users_email_prefix_idx, users_suspended_idx, users_role_idx, users_created_at_idx,
  events_status_idx, events_all_created_at_idx, events_all_starts_at_idx, orders_created_at_idx, orders_status_idx,
  bookings_created_at_idx, bookings_ended_idx, bookings_cancelled_at_idx, bookings_paid_at_idx;
DROP TABLE analytics_standing, analytics_progress, analytics_revenues, analytics_slots;
