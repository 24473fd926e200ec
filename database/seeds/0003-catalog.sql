-- The demo store: three categories, and a dozen products of each type. Starting the program adds their pictures and downloads.

INSERT INTO categories (name, slug, description, position)
VALUES
  ('Merchandise', 'merchandise', 'Things to wear, to hang up and to drink from.', 0),
  ('Downloads', 'downloads', 'Recordings, scores and software.', 1),
  ('Gifts', 'gifts', 'Credits for whatever comes next.', 2);

CREATE TEMPORARY TABLE shelf ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- organizer, type, name, price, currency, stock, weight in grams or worth in credits, description
  ('organizer', 'physical', 'Tour shirt, black', 25.00, 'EUR', 120, 180, 'Heavy cotton, printed on both sides. The list of towns is on the back.'),
  ('organizer', 'physical', 'Tour shirt, white', 25.00, 'EUR', 80, 180, 'The same shirt for people who spill nothing.'),
  ('organizer', 'physical', 'Hooded sweater', 49.00, 'EUR', 45, 620, 'For open-air evenings that turn cold.'),
  ('organizer', 'physical', 'Enamel mug', 12.50, 'EUR', 200, 240, 'Survives the festival and the dishwasher.'),
  ('organizer', 'physical', 'Poster, The Tempest', 18.00, 'GBP', 150, 90, 'Screen print in three colors, 50 by 70 cm, rolled.'),
  ('organizer', 'physical', 'Poster, Metropolis', 18.00, 'EUR', 0, 90, 'Sold out, and it will be printed again.'),
  ('organizer', 'physical', 'Canvas bag', 9.00, 'EUR', NULL, 120, 'Holds two records and a loaf of bread.'),
  ('club', 'physical', 'Vinyl, Fado in the cellar', 22.00, 'EUR', 300, 260, 'Recorded live; somebody coughs in the second song.'),
  ('club', 'physical', 'Running cap', 16.00, 'EUR', 60, 70, 'Light, with a brim that folds.'),
  ('club', 'physical', 'Recipe cards', 14.00, 'EUR', 90, 310, 'Thirty dishes from thirty kitchens.'),
  ('club', 'physical', 'Chess set, pocket size', 29.00, 'EUR', 25, 400, 'Magnetic, for trains.'),
  ('club', 'physical', 'Tote, Night market', 11.00, 'EUR', 5, 130, 'The last five.'),
  ('organizer', 'digital', 'Winter Voices, live recording', 9.00, 'EUR', NULL, NULL, 'Fourteen pieces, and the bells at the end.'),
  ('organizer', 'digital', 'Winter Voices, program booklet', 2.50, 'EUR', NULL, NULL, 'All texts with their translations.'),
  ('organizer', 'digital', 'Sketching for beginners, worksheets', 5.00, 'EUR', NULL, NULL, 'Forty pages to draw on.'),
  ('organizer', 'digital', 'PostgreSQL workshop, slides', 15.00, 'EUR', NULL, NULL, 'With the exercises and their solutions.'),
  ('organizer', 'digital', 'Metropolis score, piano reduction', 12.00, 'EUR', NULL, NULL, 'For two hands and one very large drum.'),
  ('organizer', 'digital', 'The Tempest, script', 4.00, 'GBP', NULL, NULL, 'As it is played, with the cuts marked.'),
  ('organizer', 'digital', 'The Magic Flute, libretto', 3.00, 'EUR', NULL, NULL, 'Both languages side by side.'),
  ('club', 'digital', 'Fado songbook', 8.00, 'EUR', NULL, NULL, 'Twenty songs with chords for two guitars.'),
  ('club', 'digital', 'Night market, all recipes', 6.00, 'EUR', NULL, NULL, 'From Goa to Galicia.'),
  ('club', 'digital', 'River run, training plan', 0.00, 'EUR', NULL, NULL, 'Eight weeks to ten kilometres, free of charge.'),
  ('club', 'digital', 'Tokyo jazz exchange, lead sheets', 1200, 'JPY', NULL, NULL, 'Tunes of both quartets.'),
  ('club', 'digital', 'Chess, one hundred endings', 7.50, 'EUR', NULL, NULL, 'One for every evening of a long winter.'),
  ('organizer', 'license', 'Rehearsal room planner, one year', 48.00, 'EUR', NULL, NULL, 'Who plays when, on three devices.'),
  ('organizer', 'license', 'Rehearsal room planner, forever', 129.00, 'EUR', NULL, NULL, 'The same, and it does not end.'),
  ('organizer', 'license', 'Stage lighting editor', 89.00, 'EUR', NULL, NULL, 'Draw the plan, print the patch.'),
  ('organizer', 'license', 'Stage lighting editor, student', 19.00, 'EUR', NULL, NULL, 'For a year, without printing.'),
  ('organizer', 'license', 'Score reader', 24.00, 'EUR', NULL, NULL, 'Turns pages by itself.'),
  ('organizer', 'license', 'Score reader, choir', 180.00, 'EUR', NULL, NULL, 'For up to forty singers.'),
  ('organizer', 'license', 'Film subtitle tool', 39.00, 'EUR', NULL, NULL, 'Timing to the frame.'),
  ('club', 'license', 'Kitchen timer for thirty pots', 9.00, 'EUR', NULL, NULL, 'Rings for each of them.'),
  ('club', 'license', 'Run tracker', 15.00, 'EUR', NULL, NULL, 'Knows the wind.'),
  ('club', 'license', 'Chess trainer', 29.00, 'EUR', NULL, NULL, 'Plays badly on request.'),
  ('club', 'license', 'Guitar tuner', 4.50, 'EUR', NULL, NULL, 'For twelve strings, too.'),
  ('club', 'license', 'Jazz practice loops', 2200, 'JPY', NULL, NULL, 'Bass and drums that wait for you.'),
  ('organizer', 'credit', 'Credits, 10 euros', 10.00, 'EUR', NULL, 10, 'For a coffee and a program.'),
  ('organizer', 'credit', 'Credits, 25 euros', 25.00, 'EUR', NULL, 25, 'For an evening.'),
  ('organizer', 'credit', 'Credits, 50 euros', 50.00, 'EUR', NULL, 50, 'For an evening for two.'),
  ('organizer', 'credit', 'Credits, 100 euros', 95.00, 'EUR', NULL, 100, 'Five euros are a present.'),
  ('organizer', 'credit', 'Credits, 250 euros', 230.00, 'EUR', NULL, 250, 'For a whole season.'),
  ('organizer', 'credit', 'Credits, 20 pounds', 20.00, 'GBP', NULL, 20, 'For the stalls.'),
  ('organizer', 'credit', 'Credits, 40 pounds', 40.00, 'GBP', NULL, 40, 'For the stalls, for two.'),
  ('club', 'credit', 'Club credits, 15 euros', 15.00, 'EUR', NULL, 15, 'One night.'),
  ('club', 'credit', 'Club credits, 60 euros', 54.00, 'EUR', NULL, 60, 'Four nights, and one of them free.'),
  ('club', 'credit', 'Club credits, 120 euros', 100.00, 'EUR', NULL, 120, 'For regulars.'),
  ('club', 'credit', 'Club credits, 3000 yen', 3000, 'JPY', NULL, 3000, 'For the Tokyo exchange.'),
  ('club', 'credit', 'Club credits, 9000 yen', 8500, 'JPY', NULL, 9000, 'For the Tokyo exchange, twice.')
) AS product (organizer, type, name, price, currency, stock, measure, description);

INSERT INTO products (organizer_id, category_id, sku, name, slug, description, product_type, price, currency, weight_grams, max_per_order,
                      credit_amount, license_policy, status, created_at, updated_at)
SELECT u.id, c.id, upper(left(s.type, 3)) || '-' || to_char(s.place, 'FM000'), s.name,
       btrim(regexp_replace(lower(s.name), '[^a-z0-9]+', '-', 'g'), '-'), s.description, s.type, s.price, s.currency,
       CASE s.type WHEN 'physical' THEN s.measure END, CASE s.type WHEN 'physical' THEN 10 END,
       CASE s.type WHEN 'credit' THEN s.measure END,
       CASE s.type WHEN 'license' THEN jsonb_build_object(
         'durationDays', CASE WHEN s.name LIKE '%forever%' THEN NULL ELSE 365 END,
         'maxActivations', CASE WHEN s.name LIKE '%choir%' THEN 40 ELSE 3 END,
         'offlineDays', 30, 'entitlements', jsonb_build_array('use')) END,
       -- A download is on sale once it has its file.
       CASE s.type WHEN 'digital' THEN 'draft' ELSE 'active' END, s.at, s.at
FROM (SELECT *, row_number() OVER () AS place, now() - (60 - row_number() OVER ()) * interval '1 day' AS at FROM shelf) s
JOIN users u ON u.email = s.organizer || '@bilten.example'
JOIN categories c ON c.slug = CASE s.type WHEN 'physical' THEN 'merchandise' WHEN 'credit' THEN 'gifts' ELSE 'downloads' END
-- The examples in the API documentation refer to the first products.
ORDER BY s.place;

-- What is named after an event is sold on its page.
UPDATE products p SET event_id = e.id
FROM events e
WHERE e.organizer_id = p.organizer_id AND e.status = 'published' AND strpos(p.name, split_part(e.title, ':', 1)) > 0;

INSERT INTO product_inventory (product_id) SELECT id FROM products;

INSERT INTO stock_movements (product_id, delta, reason, user_id, created_at)
SELECT p.id, s.stock, 'Initial stock', p.organizer_id, p.created_at
FROM shelf s JOIN products p USING (name) WHERE s.stock IS NOT NULL ORDER BY p.id;
