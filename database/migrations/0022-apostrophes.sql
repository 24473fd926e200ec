-- migrate:up

-- Words around apostrophes as one, once for each: of `Rock’n’Roll at O'Brien's`, `rocknroll obriens`.
CREATE FUNCTION search_joined(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT string_agg(DISTINCT regexp_replace(found[1], '[''\u2018\u2019\u02BC`]', '', 'g'), ' ')
    FROM regexp_matches(search_fold($1) COLLATE bilten_text, '[[:alpha:]]+(?:[''\u2018\u2019\u02BC`][[:alpha:]]+)+', 'g') AS m(found));

CREATE OR REPLACE FUNCTION search_vector(body text, weight "char") RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN setweight(coalesce((
    SELECT string_agg(quote_literal(left(word, 60)) || ':' || least(place, 16383), ' ')
    FROM (
      SELECT word, place FROM unnest(search_words(body)) WITH ORDINALITY AS w(word, place)
      UNION ALL
      SELECT word, 16383 FROM unnest(search_words(search_joined(body))) AS j(word)
    ) AS words), '')::tsvector, weight);

ALTER FUNCTION search_query RENAME TO search_query_of_words;

-- What was typed with apostrophes may be written without.
CREATE FUNCTION search_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN search_query_of_words(typed) || search_query_of_words(
    CASE WHEN search_joined(typed) IS NULL THEN ''
         ELSE regexp_replace(typed COLLATE bilten_text, '(?<=[[:alpha:]])[''\u2018\u2019\u02BC`](?=[[:alpha:]])', '', 'g') END);

-- Only the texts that have apostrophes change.
UPDATE events SET title = title
WHERE search_joined(title) IS NOT NULL OR search_joined(venue_name) IS NOT NULL OR search_joined(description) IS NOT NULL;

-- A person is found by any of their names, in any order.
CREATE INDEX users_search_idx ON users USING gin (search_vector(coalesce(first_name || ' ', '') || coalesce(last_name, ''), 'A'));
DROP INDEX users_name_prefix_idx, users_last_name_folded_prefix_idx;

-- migrate:down
CREATE INDEX users_name_prefix_idx ON users (search_fold(coalesce(first_name || ' ', '') || coalesce(last_name, '')) text_pattern_ops);
CREATE INDEX users_last_name_folded_prefix_idx ON users (search_fold(last_name) text_pattern_ops);
DROP INDEX users_search_idx;

DROP FUNCTION search_query;
ALTER FUNCTION search_query_of_words RENAME TO search_query;
CREATE OR REPLACE FUNCTION search_vector(body text, weight "char") RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN setweight(coalesce((
    SELECT string_agg(quote_literal(left(word, 60)) || ':' || least(place, 16383), ' ')
    FROM unnest(search_words(body)) WITH ORDINALITY AS w(word, place)), '')::tsvector, weight);
DROP FUNCTION search_joined;
