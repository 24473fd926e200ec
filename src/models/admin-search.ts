/** What admins search bookings and orders by. Times are compared with the creation; `to` is exclusive. */
export interface AdminSearch<Status extends string> {
  status?: Status;
  eventId?: number;
  userId?: number;
  from?: Date;
  to?: Date;
}

export interface AdminSearchOrder {
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

export interface AdminSearchForm<Status extends string> extends AdminSearch<Status> {
  order: AdminSearchOrder['order'];
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

/** Returns the conditions of a search on the table that the statement calls `alias`. */
export function toSearchConditions(alias: string, search: AdminSearch<string>): string {
  const conditions = [
    'true',
    search.status && `${alias}.status = :status`,
    search.eventId !== undefined && `${alias}.event_id = :eventId`,
    search.userId !== undefined && `${alias}.user_id = :userId`,
    search.from && `${alias}.created_at >= :from`,
    search.to && `${alias}.created_at < :to`,
  ];
  return conditions.filter(Boolean).join(' AND ');
}

/** Ids are in order of time, which PostgreSQL does not know; it would scan all rows newer than `to` or older than `from`. */
export const toSearchSortKey = (alias: string, { order, from, to }: AdminSearchForm<string>): string =>
  (order === 'desc' ? to : from) ? `${alias}.id + 0` : `${alias}.id`;

/** Searches that together have every condition, for the test of the statements. */
export const getSearchExamples = <Status extends string>(status: Status): AdminSearchForm<Status>[] => [
  { order: 'desc' },
  { order: 'asc', status, eventId: 1, userId: 1, from: new Date(0), to: new Date(0) },
];
