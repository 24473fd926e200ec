-- migrate:up

-- The same wherever the database comes from: its own locale takes no part in what is a letter, which letters are alike, and what comes first.
DO $$
BEGIN
  CREATE COLLATION bilten_text (provider = icu, locale = 'und');
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR undefined_object THEN
  CREATE COLLATION bilten_text FROM "default";
END $$;

ALTER TABLE events DROP COLUMN search;
DROP FUNCTION search_text, search_fold;

-- One spelling for what readers take for the same: letters without marks, without case, and without ligatures.
CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN replace(replace(replace(replace(translate(
    lower(normalize(regexp_replace(normalize($1, NFKD),
      '[\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u2060\u20D0-\u20FF\uFE00-\uFE0F\uFEFF]',
      '', 'g'), NFC) COLLATE bilten_text),
    'ıøđðłħŧςґ', 'ioddlhtσг'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');

-- Runs of letters and digits, folded: everything else, apostrophes and dashes too, is between words. Marks of Indic and
-- Southeast Asian scripts belong to their letters.
CREATE FUNCTION search_runs(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN btrim(regexp_replace(search_fold($1) COLLATE bilten_text,
    '[^[:alnum:]\u0900-\u0963\u0966-\u0E4E\u0E50-\u109F\u1780-\u17D3]+', ' ', 'g'));

-- Scripts without spaces are searched letter by letter.
CREATE FUNCTION search_words(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN array_remove(regexp_split_to_array(regexp_replace(search_runs($1),
    '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17D3\u2E80-\u2FDF\u3005\u3041-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFF])',
    ' \1 ', 'g'), ' +'), '');

CREATE FUNCTION search_vector(body text, weight "char") RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN setweight(coalesce((
    SELECT string_agg(quote_literal(left(word, 60)) || ':' || least(place, 16383), ' ')
    FROM unnest(search_words(body)) WITH ORDINALITY AS w(word, place)), '')::tsvector, weight);

-- What somebody typed: all of the first ten words, the last one perhaps unfinished. Nothing typed is an operator.
CREATE FUNCTION search_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN coalesce((
    SELECT string_agg('(' || (
        SELECT string_agg(quote_literal(left(word, 60)) || CASE WHEN r.place = count THEN ':*' ELSE '' END, ' <-> ' ORDER BY w.place)
        FROM unnest(search_words(run)) WITH ORDINALITY AS w(word, place)) || ')', ' & ')
    FROM (SELECT run, place, count(*) OVER () AS count
          FROM regexp_split_to_table(search_runs(typed), ' +') WITH ORDINALITY AS s(run, place)
          WHERE run <> '' AND place <= 10) r), '')::tsquery;

CREATE FUNCTION search_fold_all(text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN ARRAY(SELECT search_fold(value) FROM unnest($1) value);

ALTER TABLE events
  ADD COLUMN search tsvector GENERATED ALWAYS AS (
    search_vector(title, 'A') || search_vector(coalesce(venue_name, ''), 'B') || search_vector(description, 'C')
  ) STORED,
  ADD COLUMN folded_tags text[] GENERATED ALWAYS AS (search_fold_all(tags)) STORED,
  ADD COLUMN folded_category text GENERATED ALWAYS AS (search_fold(category)) STORED;
-- Written seldom and read often: nothing waits in a pending list that every search would have to scan.
CREATE INDEX events_search_idx ON events USING gin (search) WITH (fastupdate = off) WHERE deleted_at IS NULL;
CREATE INDEX events_tags_idx ON events USING gin (folded_tags) WITH (fastupdate = off) WHERE deleted_at IS NULL;
DROP STATISTICS events_category_statistics;
DROP INDEX events_category_idx;
CREATE INDEX events_category_idx ON events (folded_category, starts_at, id) INCLUDE (ends_at, category) WHERE status = 'published' AND deleted_at IS NULL;
DROP INDEX events_title_idx;
CREATE INDEX events_title_idx ON events (title COLLATE bilten_text, id) WHERE status = 'published' AND deleted_at IS NULL;

-- A person is found by the whole name, too.
CREATE INDEX users_name_prefix_idx ON users (search_fold(coalesce(first_name || ' ', '') || coalesce(last_name, '')) text_pattern_ops);
CREATE INDEX users_last_name_folded_prefix_idx ON users (search_fold(last_name) text_pattern_ops);
DROP INDEX users_first_name_prefix_idx, users_last_name_prefix_idx;

-- What can be bought of an event at this moment: of how many types, and for how much. Null: as many as anybody likes, and no price.
CREATE FUNCTION sale_of(id integer) RETURNS TABLE (available bigint, min_price numeric, max_price numeric, changes_at timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT
    CASE WHEN count(*) FILTER (WHERE o.is_on) = 0 THEN 0
         WHEN bool_or(o.free IS NULL) FILTER (WHERE o.is_on) THEN NULL
         ELSE least(max(o.event_free), sum(o.free) FILTER (WHERE o.is_on)) END::bigint,
    min(o.price) FILTER (WHERE o.is_on), max(o.price) FILTER (WHERE o.is_on), min(o.changes_at)
  FROM (
    SELECT f.*, f.is_open AND (f.free IS NULL OR f.free >= f.min_per_booking) AS is_on
    FROM (
      SELECT t.price, t.min_per_booking, i.capacity::bigint - i.sold - i.held AS event_free,
        least(s.capacity::bigint - s.sold - s.held, i.capacity::bigint - i.sold - i.held) AS free,
        e.status IN ('draft', 'published') AND e.deleted_at IS NULL AND e.ends_at > now()
          AND (t.sales_start_at IS NULL OR t.sales_start_at <= now()) AND coalesce(t.sales_end_at, e.starts_at) > now()
          AND (e.max_per_user IS NULL OR e.max_per_user >= t.min_per_booking) AS is_open,
        least(CASE WHEN t.sales_start_at > now() THEN t.sales_start_at END,
              CASE WHEN coalesce(t.sales_end_at, e.starts_at) > now() THEN coalesce(t.sales_end_at, e.starts_at) END,
              CASE WHEN e.ends_at > now() THEN e.ends_at END) AS changes_at
      FROM events e JOIN event_inventory i ON i.event_id = e.id
      JOIN ticket_types t ON t.event_id = e.id AND t.deleted_at IS NULL
      JOIN ticket_type_inventory s ON s.ticket_type_id = t.id
      WHERE e.id = sale_of.id
    ) f
  ) o
$$;

-- The same, for lists to look for: kept by triggers where a sale opens or closes, and by a job where only time passes.
CREATE TABLE event_sales (
  event_id integer CONSTRAINT event_sales_pkey PRIMARY KEY CONSTRAINT event_sales_event_id_fkey REFERENCES events ON DELETE CASCADE,
  -- Copies of the event's, so that a list by price or availability reads and counts in this table alone.
  is_listed boolean NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  -- Null: nothing can be bought.
  min_price numeric(14,3),
  max_price numeric(14,3) CONSTRAINT event_sales_price_range CHECK (max_price >= min_price AND (max_price IS NULL) = (min_price IS NULL)),
  -- When time alone will change them.
  changes_at timestamptz
);
CREATE INDEX event_sales_starts_at_idx ON event_sales (starts_at, event_id) INCLUDE (ends_at, min_price, changes_at) WHERE is_listed AND min_price IS NOT NULL;
CREATE INDEX event_sales_min_price_idx ON event_sales (min_price NULLS LAST, event_id) INCLUDE (ends_at, changes_at) WHERE is_listed;
CREATE INDEX event_sales_min_price_desc_idx ON event_sales (min_price DESC NULLS LAST, event_id DESC) INCLUDE (ends_at) WHERE is_listed;
CREATE INDEX event_sales_changes_at_idx ON event_sales (changes_at) WHERE changes_at IS NOT NULL;

-- Below so many tickets a sale may be over though some are left: the largest `min_per_booking`.
ALTER TABLE event_inventory ADD COLUMN sale_floor integer NOT NULL DEFAULT 1;
ALTER TABLE ticket_type_inventory ADD COLUMN sale_floor integer NOT NULL DEFAULT 1;

CREATE FUNCTION refresh_event_sale(id integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_sales AS s (event_id, is_listed, starts_at, ends_at, min_price, max_price, changes_at)
  SELECT e.id, e.status = 'published' AND e.deleted_at IS NULL, e.starts_at, e.ends_at, n.min_price, n.max_price, n.changes_at
  FROM events e CROSS JOIN LATERAL sale_of(e.id) n WHERE e.id = refresh_event_sale.id
  ON CONFLICT (event_id) DO UPDATE SET is_listed = EXCLUDED.is_listed, starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at,
    min_price = EXCLUDED.min_price, max_price = EXCLUDED.max_price, changes_at = EXCLUDED.changes_at
  WHERE (s.is_listed, s.starts_at, s.ends_at, s.min_price, s.max_price, s.changes_at) IS DISTINCT FROM
    (EXCLUDED.is_listed, EXCLUDED.starts_at, EXCLUDED.ends_at, EXCLUDED.min_price, EXCLUDED.max_price, EXCLUDED.changes_at);
END $$;

CREATE FUNCTION refresh_sale_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refresh_event_sale(NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER events_refresh_sale AFTER UPDATE OF status, starts_at, ends_at, max_per_user, deleted_at ON events
  FOR EACH ROW EXECUTE FUNCTION refresh_sale_of_event();

CREATE FUNCTION refresh_sale_of_inventory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refresh_event_sale(NEW.event_id);
  RETURN NULL;
END $$;
-- A sale of thousands of tickets fires these when the last are gone.
CREATE TRIGGER event_inventory_refresh_sale AFTER UPDATE OF capacity, sold, held ON event_inventory FOR EACH ROW
  WHEN (OLD.capacity IS DISTINCT FROM NEW.capacity OR NEW.capacity IS NOT NULL
    AND least(OLD.capacity - OLD.sold - OLD.held, NEW.capacity - NEW.sold - NEW.held) < NEW.sale_floor)
  EXECUTE FUNCTION refresh_sale_of_inventory();

CREATE FUNCTION refresh_sale_of_type_inventory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refresh_event_sale(t.event_id) FROM ticket_types t WHERE t.id = NEW.ticket_type_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ticket_type_inventory_refresh_sale AFTER UPDATE OF capacity, sold, held ON ticket_type_inventory FOR EACH ROW
  WHEN (OLD.capacity IS DISTINCT FROM NEW.capacity OR NEW.capacity IS NOT NULL
    AND least(OLD.capacity - OLD.sold - OLD.held, NEW.capacity - NEW.sold - NEW.held) < NEW.sale_floor)
  EXECUTE FUNCTION refresh_sale_of_type_inventory();

CREATE FUNCTION set_sale_floor(type_id integer, id integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ticket_type_inventory i SET sale_floor = t.min_per_booking FROM ticket_types t
  WHERE t.id = type_id AND i.ticket_type_id = type_id AND i.sale_floor <> t.min_per_booking;
  UPDATE event_inventory i SET sale_floor = f.most
  FROM (SELECT coalesce(max(min_per_booking), 1) AS most FROM ticket_types t WHERE t.event_id = set_sale_floor.id AND t.deleted_at IS NULL) f
  WHERE i.event_id = set_sale_floor.id AND i.sale_floor <> f.most;
  PERFORM refresh_event_sale(set_sale_floor.id);
END $$;

CREATE FUNCTION follow_ticket_type() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_sale_floor(NEW.id, NEW.event_id);
  RETURN NULL;
END $$;
CREATE TRIGGER ticket_types_refresh_sale AFTER UPDATE OF price, sales_start_at, sales_end_at, min_per_booking, deleted_at ON ticket_types
  FOR EACH ROW EXECUTE FUNCTION follow_ticket_type();

CREATE FUNCTION follow_new_type_inventory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_sale_floor(t.id, t.event_id) FROM ticket_types t WHERE t.id = NEW.ticket_type_id;
  RETURN NULL;
END $$;
CREATE TRIGGER ticket_type_inventory_begin_sale AFTER INSERT ON ticket_type_inventory
  FOR EACH ROW EXECUTE FUNCTION follow_new_type_inventory();

UPDATE ticket_type_inventory i SET sale_floor = t.min_per_booking FROM ticket_types t WHERE t.id = i.ticket_type_id AND t.min_per_booking > 1;
UPDATE event_inventory i SET sale_floor = f.most
FROM (SELECT event_id, max(min_per_booking) AS most FROM ticket_types WHERE deleted_at IS NULL GROUP BY event_id) f
WHERE i.event_id = f.event_id AND f.most > 1;
INSERT INTO event_sales (event_id, is_listed, starts_at, ends_at, min_price, max_price, changes_at)
SELECT e.id, e.status = 'published' AND e.deleted_at IS NULL, e.starts_at, e.ends_at, s.min_price, s.max_price, s.changes_at FROM events e CROSS JOIN LATERAL sale_of(e.id) s;
DROP INDEX events_min_price_idx;

-- migrate:down
CREATE INDEX events_min_price_idx ON events (min_price, id) INCLUDE (ends_at) WHERE status = 'published' AND deleted_at IS NULL;
DROP TRIGGER ticket_type_inventory_begin_sale ON ticket_type_inventory;
DROP TRIGGER ticket_types_refresh_sale ON ticket_types;
DROP TRIGGER ticket_type_inventory_refresh_sale ON ticket_type_inventory;
DROP TRIGGER event_inventory_refresh_sale ON event_inventory;
DROP TRIGGER events_refresh_sale ON events;
DROP FUNCTION follow_new_type_inventory, follow_ticket_type, set_sale_floor, refresh_sale_of_type_inventory, refresh_sale_of_inventory,
  refresh_sale_of_event, refresh_event_sale, sale_of;
ALTER TABLE ticket_type_inventory DROP COLUMN sale_floor;
ALTER TABLE event_inventory DROP COLUMN sale_floor;
DROP TABLE event_sales;

DROP INDEX users_last_name_folded_prefix_idx, users_name_prefix_idx;
CREATE INDEX users_first_name_prefix_idx ON users (lower(first_name) text_pattern_ops);
CREATE INDEX users_last_name_prefix_idx ON users (lower(last_name) text_pattern_ops);

DROP INDEX events_title_idx;
CREATE INDEX events_title_idx ON events (lower(title), id) WHERE status = 'published' AND deleted_at IS NULL;
ALTER TABLE events DROP COLUMN search, DROP COLUMN folded_tags, DROP COLUMN folded_category;
CREATE INDEX events_category_idx ON events (lower(category), starts_at, id) INCLUDE (ends_at, category) WHERE status = 'published' AND deleted_at IS NULL;
CREATE STATISTICS events_category_statistics ON (lower(category)) FROM events;
DROP FUNCTION search_fold_all, search_query, search_vector, search_words, search_runs, search_fold;
DROP COLLATION bilten_text;

CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN translate(lower(translate($1, 'İ', 'i')),
    'ıàáâãäåāăąçćčďđèéêëēėęěğģìíîïīįķļľłñńņňòóôõöøōőŕřśşšșţťțùúûüūůűųýÿźżž',
    'iaaaaaaaaacccddeeeeeeeeggiiiiiiklllnnnnoooooooorrsssstttuuuuuuuuyyzzz');
CREATE FUNCTION search_text(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN search_fold(translate($1, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)));
ALTER TABLE events ADD COLUMN search tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', search_text(title)), 'A')
    || setweight(to_tsvector('simple', search_text(coalesce(venue_name, ''))), 'B')
    || setweight(to_tsvector('simple', search_text(description)), 'C')
) STORED;
CREATE INDEX events_search_idx ON events USING gin (search) WITH (fastupdate = off) WHERE status = 'published' AND deleted_at IS NULL;
