import type { Db, Trx } from '../../database';
import type { Change, Column } from '../../database/query';
import type { RefundPolicy } from '../../lib/booking-terms';
import type { EventStatus } from '../../lib/statuses';
import { toNumberArray } from '../../lib/pg-array';
import { toColumns } from '../columns';
import {
  bool,
  float8,
  int4,
  int8,
  jsonb,
  neverNull,
  numeric,
  orNull,
  query,
  queryOne,
  statement,
  text,
  textArray,
  timestamptz,
  type RowOf,
} from '../statement';

export type { EventStatus, RefundPolicy };

/** The writable fields, named as in the API. */
export interface EventValues {
  title: string;
  description: string;
  category: string | null;
  tags: string[];
  venueName: string | null;
  venueAddress: string | null;
  startDate: Date;
  endDate: Date;
  timezone: string;
  basePrice: string;
  currency: string;
  taxRate: number;
  taxInclusive: boolean;
  status: EventStatus;
  cancellationWindowHours: number | null;
  refundPolicy: RefundPolicy | null;
  maxPerUser: number | null;
  allowMultipleBookings: boolean;
  sendTicketsToAttendees: boolean;
  metadata: Record<string, unknown>;
  coverImageAlt: string | null;
}

const COLUMNS = {
  title: 'title',
  description: 'description',
  category: 'category',
  tags: 'tags',
  venueName: 'venue_name',
  venueAddress: 'venue_address',
  startDate: 'starts_at',
  endDate: 'ends_at',
  timezone: 'timezone',
  basePrice: 'base_price',
  currency: 'currency',
  taxRate: 'tax_rate',
  taxInclusive: 'is_tax_inclusive',
  status: 'status',
  cancellationWindowHours: 'cancellation_window_hours',
  refundPolicy: 'refund_policy',
  maxPerUser: 'max_per_user',
  allowMultipleBookings: 'allow_multiple_bookings',
  sendTicketsToAttendees: 'send_tickets_to_attendees',
  metadata: 'metadata',
  coverImageAlt: 'cover_alt',
} as const satisfies Record<keyof EventValues, Column<'events'>>;

/** The columns of an `EventRow`; `e` is the event, `i` its inventory, `u` its organizer, `sale` its current sale. */
const EVENT = {
  id: int4('e.id'),
  title: text('e.title'),
  description: text('e.description'),
  category: orNull(text('e.category')),
  tags: textArray('e.tags'),
  venueName: orNull(text('e.venue_name')),
  venueAddress: orNull(text('e.venue_address')),
  startDate: timestamptz('e.starts_at'),
  endDate: timestamptz('e.ends_at'),
  timezone: text('e.timezone'),
  basePrice: numeric('e.base_price'),
  currency: text('e.currency'),
  taxRate: float8('e.tax_rate::float8'),
  taxInclusive: bool('e.is_tax_inclusive'),
  status: text<EventStatus>('e.status'),
  cancellationWindowHours: orNull(float8('e.cancellation_window_hours::float8')),
  refundPolicy: orNull(jsonb<RefundPolicy>('e.refund_policy')),
  maxPerUser: orNull(int4('e.max_per_user')),
  allowMultipleBookings: bool('e.allow_multiple_bookings'),
  sendTicketsToAttendees: bool('e.send_tickets_to_attendees'),
  metadata: jsonb<Record<string, unknown>>('e.metadata'),
  organizerId: int4('e.organizer_id'),
  organizerFirstName: orNull(text('u.first_name')),
  organizerLastName: orNull(text('u.last_name')),
  organizerLogoKey: orNull(text('u.logo_key')),
  isFree: neverNull(bool('e.is_free')),
  coverKey: orNull(text('e.cover_key')),
  coverImageAlt: orNull(text('e.cover_alt')),
  capacity: orNull(int4('i.capacity')),
  sold: int4('i.sold'),
  held: int4('i.held'),
  waiting: int4('i.waiting'),
  isOver: bool('e.ends_at <= now()'),
  /** Events of a suspended organizer cannot be booked. */
  isOrganizerSuspended: bool("u.status = 'suspended'"),
  /** How many tickets can be bought now; null if unlimited. */
  available: orNull(int8("CASE WHEN u.status = 'suspended' THEN 0 ELSE sale.available END")),
  /** Among the types that can be bought now; null if there are none. */
  minPrice: orNull(numeric("CASE WHEN u.status <> 'suspended' THEN sale.min_price END")),
  maxPrice: orNull(numeric("CASE WHEN u.status <> 'suspended' THEN sale.max_price END")),
  version: int4('e.version'),
  createdAt: timestamptz('e.created_at'),
  updatedAt: timestamptz('e.updated_at'),
};

export type EventRow = RowOf<typeof EVENT>;

const JOINS = `
  JOIN event_inventory i ON i.event_id = e.id
  JOIN users u ON u.id = e.organizer_id
  CROSS JOIN LATERAL sale_of(e.id) sale`;

const toFindSql = (list: string): string => `
  SELECT
    ${list}
  FROM events e
  ${JOINS}
  WHERE e.id = :id AND e.deleted_at IS NULL`;

const FIND = statement({ name: 'event-find', isPrepared: true, columns: EVENT, sql: toFindSql });

const FIND_AND_LOCK = statement({
  name: 'event-lock',
  columns: EVENT,
  sql: (list) => `${toFindSql(list)} FOR NO KEY UPDATE OF e`,
});

export async function findEvent(db: Db, id: number): Promise<EventRow | undefined> {
  const [event] = await query(db, FIND, { id });
  return event;
}

/** Locks the event against other changes, but not against bookings; for those, lock its inventory first. */
export async function lockEvent(trx: Trx, id: number): Promise<EventRow | undefined> {
  const [event] = await query(trx, FIND_AND_LOCK, { id });
  return event;
}

const GET = statement({
  name: 'events-get',
  isPrepared: true,
  columns: EVENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:ids::int[]) WITH ORDINALITY AS p(id, place)
  JOIN events e ON e.id = p.id
  ${JOINS}
  WHERE e.deleted_at IS NULL
  ORDER BY p.place`,
});

/** Returns these events in the order of their ids here. */
export async function getEvents(db: Db, ids: number[]): Promise<EventRow[]> {
  return ids.length === 0 ? [] : query(db, GET, { ids: toNumberArray(ids) });
}

interface NewEvent {
  organizerId: number;
  /** Null if unlimited. */
  capacity: number | null;
  values: EventValues;
}

/** Inserts an event. Its prices are set with its ticket types. */
export async function insertEvent(trx: Trx, { organizerId, capacity, values }: NewEvent): Promise<number> {
  const publishedAt = values.status === 'published' ? trx.fn.now() : null;
  const row = { ...toColumns(COLUMNS, values), organizer_id: organizerId, published_at: publishedAt };
  const [event] = await trx('events').insert(row).returning('id');
  await trx('event_inventory').insert({ event_id: event!.id, capacity });
  return event!.id;
}

interface EventChange {
  values: Partial<EventValues>;
  /** Reopens cancellation for existing bookings. */
  isRescheduled?: boolean;
}

export async function updateEvent(trx: Trx, id: number, { values, isRescheduled = false }: EventChange): Promise<void> {
  // This transaction may have started before a booking that it waited for, so only the wall clock is surely later.
  const now = trx.raw('clock_timestamp()');
  const change: Change<'events'> = { ...toColumns(COLUMNS, values), version: trx.raw('version + 1'), updated_at: now };
  if (values.status && values.status !== 'draft') change[`${values.status}_at`] = now;
  if (isRescheduled) change.rescheduled_at = now;
  await trx('events').where({ id }).update(change);
}

export async function updateCover(trx: Trx, id: number, coverKey: string | null): Promise<void> {
  await trx('events')
    .where({ id })
    .update({ cover_key: coverKey, version: trx.raw('version + 1'), updated_at: trx.raw('clock_timestamp()') });
}

const UPDATE_PRICE_RANGE = statement({
  name: 'event-price-range',
  columns: { isFree: neverNull(bool('e.is_free')) },
  sql: (list) => `
  UPDATE events e
  SET
    min_price = p.low,
    max_price = p.high,
    version = version + 1,
    updated_at = clock_timestamp()
  FROM (
    SELECT min(price) AS low, max(price) AS high FROM ticket_types WHERE event_id = :id AND deleted_at IS NULL
  ) p
  WHERE e.id = :id
  RETURNING ${list}`,
});

/** Updates the event's price range from its ticket types. Returns whether the event is free of charge. */
export async function updatePriceRange(trx: Trx, id: number): Promise<boolean> {
  const { isFree } = await queryOne(trx, UPDATE_PRICE_RANGE, { id });
  return isFree;
}

export async function deleteEvent(trx: Trx, id: number): Promise<void> {
  await trx('events')
    .where({ id })
    .update({ deleted_at: trx.fn.now(), version: trx.raw('version + 1'), updated_at: trx.fn.now() });
}
