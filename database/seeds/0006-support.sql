-- Requests for help about the demo events, in every status, with notes and canned replies.

CREATE TEMPORARY TABLE request ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- customer, event, subject, category, status, priority, days ago, question, answer
  (1, 'customer', 'Repair café: bring it broken, take it home whole', 'Can I bring a toaster?', 'general', 'pending', 'normal', 3, 'It has been silent since Sunday. It weighs about two kilos.', 'Please do. Toasters are our favorites; bring the crumb tray, too.'),
  (2, 'guest', 'The Tempest', 'A step at the entrance?', 'access', 'open', 'high', 2, 'My mother uses a wheelchair. How does she get to the circle?', NULL),
  (3, 'customer', 'Repair café: bring it broken, take it home whole', 'The toaster again', 'general', 'open', 'normal', 1, 'I have forgotten to say that it smells of smoke.', NULL),
  (4, 'student', 'PostgreSQL from the inside: a day of workshops', 'Is lunch vegan?', 'general', 'resolved', 'low', 4, 'I eat everything that has no face.', 'There is a vegan dish every day. We have noted it for you.'),
  (5, 'customer', 'Fado in the cellar', 'Lost a scarf', 'lost and found', 'closed', 'normal', 30, 'Green, on the third chair from the left.', 'It waits for you at the bar.')
) AS asked (place, customer, title, subject, category, status, priority, days, question, answer);

INSERT INTO support_tickets (user_id, event_id, subject, category, status, priority, tags, first_response_due_at, first_response_at,
                             resolved_at, closed_at, created_at, updated_at)
SELECT u.id, e.id, r.subject, r.category, r.status, r.priority, CASE r.category WHEN 'access' THEN '{wheelchair}'::text[] ELSE '{}' END,
       -- The open ones are due tomorrow, so that the first start announces nothing as late.
       CASE WHEN r.answer IS NULL THEN now() + interval '1 day' ELSE at + interval '1 day' END,
       CASE WHEN r.answer IS NOT NULL THEN at + interval '3 hours' END,
       CASE r.status WHEN 'resolved' THEN at + interval '1 day' END, CASE r.status WHEN 'closed' THEN at + interval '5 days' END, at, at
FROM request r
JOIN users u ON u.email = r.customer || '@bilten.example'
JOIN events e USING (title)
CROSS JOIN LATERAL (SELECT now() - r.days * interval '1 day' AS at) asked
-- The examples in the API documentation answer the first one, and merge the third into it.
ORDER BY r.place;

INSERT INTO support_ticket_organizers (support_ticket_id, organizer_id)
SELECT t.id, e.organizer_id FROM support_tickets t JOIN events e ON e.id = t.event_id;

INSERT INTO support_messages (support_ticket_id, author_id, is_staff, body, created_at)
SELECT t.id, said.author_id, said.is_staff, said.body, said.at
FROM request r
JOIN support_tickets t USING (subject)
JOIN events e ON e.id = t.event_id
CROSS JOIN LATERAL (VALUES
  (t.user_id, false, r.question, t.created_at),
  (e.organizer_id, true, r.answer, t.first_response_at)
) AS said (author_id, is_staff, body, at)
WHERE said.body IS NOT NULL
ORDER BY t.id, said.at;

INSERT INTO support_notes (support_ticket_id, author_id, body, created_at)
SELECT t.id, e.organizer_id, 'The ramp is behind the left door; ask the house to open it at seven.', t.created_at + interval '1 hour'
FROM support_tickets t JOIN events e ON e.id = t.event_id WHERE t.category = 'access';

INSERT INTO support_ratings (support_ticket_id, score, comment)
SELECT id, 5, 'The scarf is back.' FROM support_tickets WHERE status = 'closed';

INSERT INTO support_replies (organizer_id, title, body)
SELECT id, 'Refund on its way', 'Your refund is on its way. With some banks it takes a few days.' FROM users WHERE email = 'organizer@bilten.example'
UNION ALL
SELECT NULL, 'How to download tickets', 'Open your booking and choose “Download tickets”. Each code admits one person, once.';
