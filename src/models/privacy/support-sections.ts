import type { Section } from '../privacy.model';

/** What support tickets hold about a user. */
export const supportSections: Record<string, Section> = {
  supportTickets: { sql: 'SELECT * FROM support_tickets WHERE user_id = :userId', omit: ['search', 'urgency'] },
  // Those of the user's support tickets by whoever wrote them, and what the user wrote as staff.
  supportMessages: {
    sql: `
    SELECT
      m.id,
      m.support_ticket_id,
      m.author_id,
      m.is_staff,
      m.body,
      m.created_at,
      ARRAY(SELECT f.file_id FROM support_message_files f WHERE f.support_message_id = m.id) AS file_ids
    FROM support_messages m
    JOIN support_tickets t ON t.id = m.support_ticket_id
    WHERE t.user_id = :userId OR m.author_id = :userId`,
  },
  supportRatings: {
    sql: `
    SELECT
      r.support_ticket_id AS id,
      r.score,
      r.comment,
      r.created_at
    FROM support_ratings r
    JOIN support_tickets t ON t.id = r.support_ticket_id
    WHERE t.user_id = :userId`,
  },
  // What the user wrote as staff; never what staff wrote about the user.
  supportNotes: { sql: 'SELECT * FROM support_notes WHERE author_id = :userId' },
  supportReplies: { sql: 'SELECT * FROM support_replies WHERE organizer_id = :userId' },
  supportTicketsConcerned: {
    sql: 'SELECT support_ticket_id AS id FROM support_ticket_organizers WHERE organizer_id = :userId',
  },
};

/** In place of a text that cannot be empty. */
const FORGOTTEN = '–';

/** What of support tickets is erased with an account. */
export const supportErasures: Record<string, string> = {
  supportMessages: `
  UPDATE support_messages
  SET body = '${FORGOTTEN}'
  WHERE NOT is_staff AND author_id = :userId`,
  supportNotes: `
  DELETE FROM support_notes
  WHERE support_ticket_id IN (SELECT id FROM support_tickets WHERE user_id = :userId)`,
  supportRatings: `
  UPDATE support_ratings
  SET comment = NULL
  WHERE support_ticket_id IN (SELECT id FROM support_tickets WHERE user_id = :userId)`,
  supportTickets: `
  UPDATE support_tickets
  SET
    subject = '${FORGOTTEN}',
    tags = '{}',
    status = 'closed',
    resolved_at = NULL,
    closed_at = coalesce(closed_at, now())
  WHERE user_id = :userId`,
  supportAssignments: 'UPDATE support_tickets SET assignee_id = NULL WHERE assignee_id = :userId',
  supportReplies: 'DELETE FROM support_replies WHERE organizer_id = :userId',
};
