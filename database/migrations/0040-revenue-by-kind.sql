-- migrate:up

-- Revenue by what was sold. What was counted without that cannot be told apart, so the schedule counts everything again.
TRUNCATE analytics_slots, analytics_revenues, analytics_progress;
INSERT INTO analytics_progress DEFAULT VALUES;
ALTER TABLE analytics_revenues
  ADD COLUMN kind text NOT NULL CONSTRAINT analytics_revenues_kind CHECK (kind IN ('tickets', 'goods', 'shipping', 'credits')),
  DROP CONSTRAINT analytics_revenues_pkey,
  ADD CONSTRAINT analytics_revenues_pkey PRIMARY KEY (organizer_id, slot, event_id, currency, kind);

-- migrate:down
TRUNCATE analytics_slots, analytics_revenues, analytics_progress;
INSERT INTO analytics_progress DEFAULT VALUES;
ALTER TABLE analytics_revenues
  DROP COLUMN kind,
  ADD CONSTRAINT analytics_revenues_pkey PRIMARY KEY (organizer_id, slot, event_id, currency);
