import type { Db } from '../../database';
import type { Recipient } from '../notifications/notification-data';
import { RECIPIENT } from '../notifications/find-notification-data';
import { bool, int4, int4Array, neverNull, orNull, query, statement, text, type ResultOf } from '../statement';
import type { SupportSubject } from './support-tickets';

const toSubjectStatement = (name: keyof SupportSubject, sql: (list: string) => string) =>
  statement({
    name: `support-subject-${name}`,
    columns: {
      organizerIds: neverNull(
        int4Array('ARRAY(SELECT DISTINCT o.id FROM unnest(s.organizers) o(id) WHERE o.id IS NOT NULL)'),
      ),
    },
    sql,
  });

// Each finds what the user has, and the organizers whose business it is.
const SUBJECTS = {
  orderId: toSubjectStatement(
    'orderId',
    (list) => `
  SELECT ${list}
  FROM (
    SELECT ARRAY(
      SELECT e.organizer_id FROM events e WHERE e.id = o.event_id
      UNION
      SELECT i.seller_id FROM order_items i WHERE i.order_id = o.id
    ) AS organizers
    FROM orders o
    WHERE o.id = :id AND o.user_id = :userId
  ) s`,
  ),
  bookingId: toSubjectStatement(
    'bookingId',
    (list) => `
  SELECT ${list}
  FROM (
    SELECT ARRAY[e.organizer_id] AS organizers
    FROM bookings b
    JOIN events e ON e.id = b.event_id
    WHERE b.id = :id AND b.user_id = :userId
  ) s`,
  ),
  eventId: toSubjectStatement(
    'eventId',
    (list) => `
  SELECT ${list}
  FROM (
    SELECT ARRAY[e.organizer_id] AS organizers
    FROM events e
    WHERE e.id = :id AND e.deleted_at IS NULL AND (e.status <> 'draft' OR e.organizer_id = :userId)
  ) s`,
  ),
  licenseId: toSubjectStatement(
    'licenseId',
    (list) => `
  SELECT ${list}
  FROM (
    SELECT ARRAY[p.organizer_id] AS organizers
    FROM licenses l
    JOIN products p ON p.id = l.product_id
    WHERE l.id = :id AND l.user_id = :userId
  ) s`,
  ),
};

/** Returns the organizers that something of the user concerns; undefined if the user has no such thing. */
export async function findConcernedOrganizers(
  db: Db,
  name: keyof typeof SUBJECTS,
  { id, userId }: { id: number; userId: number },
): Promise<number[] | undefined> {
  const [found] = await query(db, SUBJECTS[name], { id, userId });
  return found?.organizerIds;
}

const MAX_STAFF = 100;

const LIST_STAFF = statement({
  name: 'support-staff',
  columns: {
    userId: int4('u.id'),
    isAssignee: bool('coalesce(u.id = t.assignee_id, false)'),
    isOrganizer: bool('o.organizer_id IS NOT NULL'),
    firstName: orNull(text('u.first_name')),
    lastName: orNull(text('u.last_name')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM support_tickets t
  JOIN users u ON u.status = 'active' AND u.id <> t.user_id
  LEFT JOIN support_ticket_organizers o
    ON o.support_ticket_id = t.id AND o.organizer_id = u.id AND u.role IN ('organizer', 'admin')
  WHERE t.id = :id AND (u.role = 'admin' OR o.organizer_id IS NOT NULL)
  ORDER BY u.id
  LIMIT ${MAX_STAFF}`,
});

export type StaffRow = ResultOf<typeof LIST_STAFF>;

/** Lists the admins, and the organizers that a support ticket concerns. */
export async function listStaff(db: Db, id: number): Promise<StaffRow[]> {
  return query(db, LIST_STAFF, { id });
}

export interface SupportNotificationData {
  id: number;
  subject: string;
  recipient: Recipient;
  /** Whether the recipient is the customer. */
  isCustomer: boolean;
}

const TICKET_DATA = {
  id: int4('t.id'),
  subject: text('t.subject'),
  status: text('t.status'),
  isAnswered: bool('t.first_response_at IS NOT NULL'),
  isCustomer: bool('u.id = t.user_id'),
  recipient: RECIPIENT,
};

const FIND_TICKET_DATA = statement({
  name: 'support-notification-ticket',
  columns: TICKET_DATA,
  sql: (list) => `
  SELECT
    ${list}
  FROM support_tickets t
  JOIN users u ON u.id = coalesce(:userId::int, t.user_id)
  WHERE t.id = :id AND u.status = 'active'`,
});

/** Returns what a notification about a support ticket says to a user; without `userId`, to its customer. */
export async function findTicketData(
  db: Db,
  { id, userId = null }: { id: number; userId?: number | null },
): Promise<ResultOf<typeof FIND_TICKET_DATA> | undefined> {
  const [found] = await query(db, FIND_TICKET_DATA, { id, userId });
  return found;
}

const FIND_MESSAGE_DATA = statement({
  name: 'support-notification-message',
  columns: {
    ...TICKET_DATA,
    body: text('m.body'),
    isStaff: bool('m.is_staff'),
    authorFirstName: orNull(text('a.first_name')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM support_messages m
  JOIN support_tickets t ON t.id = m.support_ticket_id
  JOIN users a ON a.id = m.author_id
  JOIN users u ON u.id = :userId
  WHERE m.id = :id AND u.status = 'active'`,
});

/** Returns what a notification about a message of a support ticket says to a user. */
export async function findMessageData(
  db: Db,
  { id, userId }: { id: number; userId: number },
): Promise<ResultOf<typeof FIND_MESSAGE_DATA> | undefined> {
  const [found] = await query(db, FIND_MESSAGE_DATA, { id, userId });
  return found;
}
