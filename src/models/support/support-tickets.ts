import type { Db, Trx } from '../../database';
import type { Change, Column } from '../../database/query';
import { toNumberArray } from '../../lib/pg-array';
import type { SupportPriority, SupportStatus } from '../../lib/statuses';
import { toColumns } from '../columns';
import {
  float8,
  int4,
  int4Array,
  int8,
  json,
  neverNull,
  orNull,
  query,
  queryOne,
  statement,
  text,
  textArray,
  timestamptz,
  type RowOf,
} from '../statement';

/** What a support ticket is about: at most one of these. */
export interface SupportSubject {
  orderId?: number;
  bookingId?: number;
  eventId?: number;
  licenseId?: number;
}

const TICKET = {
  id: int4('t.id'),
  subject: text('t.subject'),
  category: orNull(text('t.category')),
  status: text<SupportStatus>('t.status'),
  priority: text<SupportPriority>('t.priority'),
  orderId: orNull(int4('t.order_id')),
  bookingId: orNull(int4('t.booking_id')),
  eventId: orNull(int4('t.event_id')),
  licenseId: orNull(int4('t.license_id')),
  userId: int4('t.user_id'),
  firstName: orNull(text('u.first_name')),
  lastName: orNull(text('u.last_name')),
  /** The organizers whose event or product it is about. */
  organizerIds: neverNull(
    int4Array('ARRAY(SELECT o.organizer_id FROM support_ticket_organizers o WHERE o.support_ticket_id = t.id)'),
  ),
  assigneeId: orNull(int4('t.assignee_id')),
  tags: textArray('t.tags'),
  firstResponseDueAt: timestamptz('t.first_response_due_at'),
  firstResponseAt: orNull(timestamptz('t.first_response_at')),
  breachedAt: orNull(timestamptz('t.breached_at')),
  closedAt: orNull(timestamptz('t.closed_at')),
  mergedIntoId: orNull(int4('t.merged_into_id')),
  rating: orNull(
    json<{ score: number; comment: string | null }>(`(
      SELECT json_build_object('score', r.score, 'comment', r.comment)
      FROM support_ratings r
      WHERE r.support_ticket_id = t.id
    )`),
  ),
  createdAt: timestamptz('t.created_at'),
  updatedAt: timestamptz('t.updated_at'),
};

export type SupportTicketRow = RowOf<typeof TICKET>;

const toFindSql = (list: string): string => `
  SELECT
    ${list}
  FROM support_tickets t
  JOIN users u ON u.id = t.user_id
  WHERE t.id = :id`;

const FIND = statement({ name: 'support-ticket-find', columns: TICKET, sql: toFindSql });

const FIND_AND_LOCK = statement({
  name: 'support-ticket-lock',
  columns: TICKET,
  sql: (list) => `${toFindSql(list)} FOR NO KEY UPDATE OF t`,
});

export async function findSupportTicket(db: Db, id: number): Promise<SupportTicketRow | undefined> {
  const [ticket] = await query(db, FIND, { id });
  return ticket;
}

/** Locks a support ticket against other changes. Several must be locked in the order of their ids. */
export async function lockSupportTicket(trx: Trx, id: number): Promise<SupportTicketRow | undefined> {
  const [ticket] = await query(trx, FIND_AND_LOCK, { id });
  return ticket;
}

const GET = statement({
  name: 'support-tickets-get',
  columns: TICKET,
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:ids::int[]) WITH ORDINALITY AS o(id, place)
  JOIN support_tickets t ON t.id = o.id
  JOIN users u ON u.id = t.user_id
  ORDER BY o.place`,
});

/** Returns these support tickets in the order of their ids here. */
export async function getSupportTickets(db: Db, ids: number[]): Promise<SupportTicketRow[]> {
  return ids.length === 0 ? [] : query(db, GET, { ids: toNumberArray(ids) });
}

export interface SupportTicketValues {
  subject: string;
  category: string | null;
  status: SupportStatus;
  priority: SupportPriority;
  assigneeId: number | null;
  tags: string[];
  firstResponseDueAt: Date;
  firstResponseAt: Date;
  breachedAt: Date;
  mergedIntoId: number;
}

const COLUMNS = {
  subject: 'subject',
  category: 'category',
  status: 'status',
  priority: 'priority',
  assigneeId: 'assignee_id',
  tags: 'tags',
  firstResponseDueAt: 'first_response_due_at',
  firstResponseAt: 'first_response_at',
  breachedAt: 'breached_at',
  mergedIntoId: 'merged_into_id',
} as const satisfies Record<keyof SupportTicketValues, Column<'support_tickets'>>;

interface NewSupportTicket extends Pick<SupportTicketValues, 'subject' | 'category' | 'firstResponseDueAt'> {
  userId: number;
  about: SupportSubject;
  organizerIds: number[];
}

export async function insertSupportTicket(
  trx: Trx,
  { userId, about, organizerIds, ...values }: NewSupportTicket,
): Promise<number> {
  const [row] = await trx('support_tickets')
    .insert({
      ...toColumns(COLUMNS, values),
      user_id: userId,
      order_id: about.orderId ?? null,
      booking_id: about.bookingId ?? null,
      event_id: about.eventId ?? null,
      license_id: about.licenseId ?? null,
    })
    .returning('id');
  const organizers = organizerIds.map((id) => ({ support_ticket_id: row!.id, organizer_id: id }));
  if (organizers.length > 0) await trx('support_ticket_organizers').insert(organizers);
  return row!.id;
}

/** Changes a support ticket. A status sets and clears its times. */
export async function updateSupportTicket(trx: Trx, id: number, values: Partial<SupportTicketValues>): Promise<void> {
  // This transaction may have started before a message that it waited for, so only the wall clock is surely later.
  const now = trx.raw('clock_timestamp()');
  const change: Change<'support_tickets'> = { ...toColumns(COLUMNS, values), updated_at: now };
  if (values.status) {
    change.resolved_at = values.status === 'resolved' ? now : null;
    change.closed_at = values.status === 'closed' ? now : null;
  }
  await trx('support_tickets').where({ id }).update(change);
}

const COUNT_RECENT = statement({
  name: 'support-tickets-recent',
  columns: {
    count: int8('count(*)'),
    firstSecondsAgo: float8('coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM support_tickets
  WHERE user_id = :userId AND created_at > now() - interval '1 hour'`,
});

/** Counts the support tickets that a user opened within the last hour. */
export async function countRecentSupportTickets(
  trx: Trx,
  userId: number,
): Promise<{ count: number; firstSecondsAgo: number }> {
  return queryOne(trx, COUNT_RECENT, { userId });
}

export async function insertRating(
  trx: Trx,
  supportTicketId: number,
  rating: { score: number; comment: string | null },
): Promise<boolean> {
  const inserted = (await trx('support_ratings')
    .insert({ support_ticket_id: supportTicketId, ...rating })
    .onConflict('support_ticket_id')
    .ignore()
    .returning('support_ticket_id')) as unknown[];
  return inserted.length === 1;
}

const MARK_LATE = statement({
  name: 'support-tickets-late',
  columns: { id: int4('id') },
  sql: (list) => `
  UPDATE support_tickets
  SET breached_at = now()
  WHERE id = ANY (ARRAY(
    SELECT id
    FROM support_tickets
    WHERE first_response_due_at <= now() AND first_response_at IS NULL AND breached_at IS NULL AND status <> 'closed'
    ORDER BY first_response_due_at
    LIMIT :limit
    FOR NO KEY UPDATE SKIP LOCKED
  ))
  RETURNING ${list}`,
});

/** Marks at most `limit` support tickets without a response in time; returns their ids. */
export async function markLate(trx: Trx, limit: number): Promise<number[]> {
  return (await query(trx, MARK_LATE, { limit })).map(({ id }) => id);
}

const CLOSE_RESOLVED = statement({
  name: 'support-tickets-close-resolved',
  columns: { id: int4('id') },
  sql: (list) => `
  UPDATE support_tickets
  SET
    status = 'closed',
    closed_at = now(),
    resolved_at = NULL,
    updated_at = now()
  WHERE id = ANY (ARRAY(
    SELECT id
    FROM support_tickets
    WHERE status = 'resolved' AND resolved_at <= now() - make_interval(days => :days)
    ORDER BY resolved_at
    LIMIT :limit
    FOR NO KEY UPDATE SKIP LOCKED
  ))
  RETURNING ${list}`,
});

/** Closes at most `limit` support tickets that were resolved `days` ago; returns their ids. */
export async function closeResolved(trx: Trx, { days, limit }: { days: number; limit: number }): Promise<number[]> {
  return (await query(trx, CLOSE_RESOLVED, { days, limit })).map(({ id }) => id);
}
