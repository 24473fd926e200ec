import type { Db } from '../../database';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { int8, json, orNull, query, queryPage, statement, statementFamily, timestamptz } from '../statement';
import { TICKET_COLUMNS, TICKET_JOINS, type TicketRow } from './tickets';

export interface HeldTicketRow extends TicketRow {
  /** When the holder received it; null if the holder booked it and never transferred it. */
  transferredAt: Date | null;
  event: EventSummaryRow;
}

const HELD_TICKET = {
  ...TICKET_COLUMNS,
  transferredAt: orNull(timestamptz('t.transferred_at')),
  event: json<EventSummaryRow>(EVENT_SUMMARY),
};

const FROM = `FROM ticket_holders h
  JOIN tickets t ON t.id = h.ticket_id
  ${TICKET_JOINS}`;

const FIND = statement({
  name: 'held-tickets-find',
  columns: HELD_TICKET,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE h.user_id = :userId AND h.ticket_id = :id`,
});

export async function findHeldTicket(db: Db, of: { userId: number; id: number }): Promise<HeldTicketRow | undefined> {
  return (await query(db, FIND, of))[0];
}

export interface HeldTicketFilter {
  userId: number;
  status: TicketRow['status'];
  eventId?: number;
  /** Whether the event is upcoming; undefined for all. */
  upcoming?: boolean;
}

type ListForm = Pick<HeldTicketFilter, 'eventId' | 'upcoming'>;

function toConditions({ eventId, upcoming }: ListForm): string {
  const conditions = [
    'h.user_id = :userId',
    't.status = :status',
    eventId !== undefined && 't.event_id = :eventId',
    upcoming !== undefined && (upcoming ? 'e.ends_at > now()' : 'e.ends_at <= now()'),
  ];
  return conditions.filter(Boolean).join(' AND ');
}

const LIST_FORMS: ListForm[] = [{}, { eventId: 1, upcoming: true }, { upcoming: false }];

const LIST = statementFamily({
  name: 'held-tickets-list',
  columns: HELD_TICKET,
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  ${FROM}
  WHERE ${toConditions(form)}
  ORDER BY t.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'held-tickets-count',
  columns: { total: int8('count(*)') },
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `SELECT ${list} ${FROM} WHERE ${toConditions(form)}`,
});

/** Returns a page, newest first, with the total. */
export async function listHeldTickets(
  db: Db,
  { limit, offset, ...filter }: HeldTicketFilter & { limit: number; offset: number },
): Promise<{ rows: HeldTicketRow[]; total: number }> {
  const { userId, status, eventId = null } = filter;
  const values = { userId, status, eventId };
  return queryPage(db, { list: LIST(filter), count: COUNT(filter) }, { ...values, limit, offset });
}
