-- migrate:up

-- What the cover shows, for people who do not see it.
ALTER TABLE events ADD COLUMN cover_alt text;

-- The order in which types are shown. An event has at most 100; new ones come last.
ALTER TABLE ticket_types ADD COLUMN position smallint NOT NULL DEFAULT 100
  CONSTRAINT ticket_types_position CHECK (position >= 0);

-- migrate:down
ALTER TABLE ticket_types DROP COLUMN position;
ALTER TABLE events DROP COLUMN cover_alt;
