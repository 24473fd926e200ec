/** Invariants of support tickets. Each is a query for violations. */
export const supportInvariants: Record<string, string> = {
  'a support ticket has messages unless it was merged': `
    SELECT t.id::text AS broken FROM support_tickets t WHERE (t.merged_into_id IS NULL) <>
      EXISTS (SELECT FROM support_messages m WHERE m.support_ticket_id = t.id)`,
  'a support ticket is merged into one of the same customer': `
    SELECT t.id::text AS broken FROM support_tickets t JOIN support_tickets i ON i.id = t.merged_into_id WHERE i.user_id <> t.user_id`,
  'a support ticket’s times are those of its status': `
    SELECT t.id::text AS broken FROM support_tickets t WHERE (t.status = 'resolved') <> (t.resolved_at IS NOT NULL)
      OR (t.status = 'closed') <> (t.closed_at IS NOT NULL)`,
  'a support message is marked as written by staff unless its customer wrote it': `
    SELECT m.id::text AS broken FROM support_messages m JOIN support_tickets t ON t.id = m.support_ticket_id
    WHERE m.is_staff = (m.author_id = t.user_id)`,
  'a support ticket that staff answered has the time of the first response': `
    SELECT t.id::text AS broken FROM support_tickets t WHERE t.first_response_at IS NULL AND t.merged_into_id IS NULL
      AND EXISTS (SELECT FROM support_messages m WHERE m.support_ticket_id = t.id AND m.is_staff)
      AND NOT EXISTS (SELECT FROM support_tickets o WHERE o.merged_into_id = t.id)`,
  'every answer of staff has one outbox message to the customer': `
    SELECT m.id::text AS broken FROM support_messages m JOIN support_tickets t ON t.id = m.support_ticket_id
    WHERE m.is_staff AND m.created_at > now() - interval '1 day' AND (
      SELECT count(*) FROM outbox_messages o WHERE o.topic = 'support.message'
        AND (o.payload->>'supportMessageId')::int = m.id AND (o.payload->>'userId')::int = t.user_id) <> 1`,
  'an outbox message about support refers to an existing row': `
    SELECT o.id::text AS broken FROM outbox_messages o WHERE o.topic LIKE 'support.%' AND NOT EXISTS (
      SELECT FROM support_messages m WHERE m.id = (o.payload->>'supportMessageId')::int
      UNION ALL SELECT FROM support_tickets t WHERE t.id = (o.payload->>'supportTicketId')::int)`,
  'a support ticket is about an order or booking of its customer': `
    SELECT t.id::text AS broken FROM support_tickets t LEFT JOIN orders o ON o.id = t.order_id LEFT JOIN bookings b ON b.id = t.booking_id
    WHERE o.user_id <> t.user_id OR b.user_id <> t.user_id`,
};
