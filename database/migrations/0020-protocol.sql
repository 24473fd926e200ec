-- migrate:up

-- For the event's organizer, who sees its whole line, also those who wait no more.
CREATE INDEX waitlist_entries_event_id_idx ON waitlist_entries (event_id, id);

-- migrate:down
DROP INDEX waitlist_entries_event_id_idx;
