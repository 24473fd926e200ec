import type { Db } from '../../database';
import type { SupportPriority, SupportStatus } from '../../lib/statuses';
import { int4Array, int8, queryOne, statementFamily } from '../statement';
import { getSupportTickets, type SupportTicketRow } from './support-tickets';

export interface SupportFilter {
  /** Only this customer's. */
  userId?: number;
  /** Only those that concern this organizer. */
  organizerId?: number;
  status?: SupportStatus;
  /** All but closed ones. */
  isOpen?: boolean;
  priority?: SupportPriority;
  assigneeId?: number;
  category?: string;
  /** Whether the first response is late. */
  overdue?: boolean;
  /** As it was typed. */
  search?: string;
  /** The id of the number that was typed. */
  searchId?: number;
}

const IS_OVERDUE = "(t.first_response_at IS NULL AND t.status <> 'closed' AND t.first_response_due_at <= now())";

const FOUND = `(
      t.search @@ search_query(:search)
      OR EXISTS (SELECT FROM support_messages m WHERE m.support_ticket_id = t.id AND m.search @@ search_query(:search))
      OR EXISTS (
        SELECT
        FROM users u
        WHERE u.id = t.user_id AND (
          lower(u.email) = lower(:search)
          OR search_vector(coalesce(u.first_name || ' ', '') || coalesce(u.last_name, ''), 'A') @@ search_query(:search)
        )
      )
    )`;

function toConditions(filter: SupportFilter): string {
  return [
    'true',
    filter.userId !== undefined && 't.user_id = :userId',
    filter.organizerId !== undefined &&
      'EXISTS (SELECT FROM support_ticket_organizers o WHERE o.support_ticket_id = t.id AND o.organizer_id = :organizerId)',
    filter.status && 't.status = :status',
    filter.isOpen && "t.status <> 'closed'",
    filter.priority && 't.priority = :priority',
    filter.assigneeId !== undefined && 't.assignee_id = :assigneeId',
    filter.category !== undefined && 't.category = :category',
    filter.overdue !== undefined && (filter.overdue ? IS_OVERDUE : `NOT ${IS_OVERDUE}`),
    filter.search !== undefined && (filter.searchId === undefined ? FOUND : `(t.id = :searchId OR ${FOUND})`),
  ]
    .filter(Boolean)
    .join(' AND ');
}

type Order = 'newest' | 'queue';

interface ListForm {
  filter: SupportFilter;
  order: Order;
}

const ORDERS: Record<Order, string> = { newest: 't.id DESC', queue: 't.urgency DESC, t.id' };

/** Where counting stops. */
export const COUNT_BOUND = 10_000;

const LIST = statementFamily({
  name: 'support-tickets-list',
  columns: { total: int8('l.total'), ids: int4Array('l.ids') },
  examples: [
    { filter: { userId: 1 }, order: 'newest' },
    { filter: { isOpen: true }, order: 'queue' },
    {
      filter: {
        organizerId: 1,
        status: 'open',
        priority: 'high',
        assigneeId: 1,
        category: 'a',
        overdue: true,
        search: '12',
        searchId: 12,
      },
      order: 'queue',
    },
    { filter: { overdue: false, search: 'a' }, order: 'queue' },
  ],
  sql: (list, { filter, order }: ListForm) => `
  SELECT
    ${list}
  FROM (
    SELECT
      (SELECT count(*) FROM (SELECT FROM support_tickets t WHERE ${toConditions(filter)} LIMIT ${COUNT_BOUND}) c) AS total,
      ARRAY(
        SELECT t.id
        FROM support_tickets t
        WHERE ${toConditions(filter)}
        ORDER BY ${ORDERS[order]}
        LIMIT :limit
        OFFSET :offset
      ) AS ids
  ) l`,
});

/** Returns a page of support tickets: newest first, or the most urgent and oldest first. */
export async function listSupportTickets(
  db: Db,
  filter: SupportFilter,
  { order, ...page }: { order: Order; limit: number; offset: number },
): Promise<{ rows: SupportTicketRow[]; total: number }> {
  const { total, ids } = await queryOne(db, LIST({ filter, order }), { ...filter, ...page });
  return { rows: await getSupportTickets(db, ids), total };
}
