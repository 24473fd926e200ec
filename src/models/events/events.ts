import { getPreparedName, type Db, type Trx } from '../../database';
import type { Change, Column } from '../../database.query';
import type { RefundPolicy } from '../../lib/booking-terms';
import type { EventStatus } from '../../lib/statuses';
import { toColumns } from '../columns';

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
}

export interface EventRow extends EventValues {
  id: number;
  organizerId: number;
  organizerFirstName: string | null;
  organizerLastName: string | null;
  isFree: boolean;
  organizerLogoKey: string | null;
  coverKey: string | null;
  capacity: number | null;
  sold: number;
  held: number;
  waiting: number;
  isOver: boolean;
  /** Events of a suspended organizer cannot be booked. */
  isOrganizerSuspended: boolean;
  /** How many tickets can be bought now; null if unlimited. */
  available: number | null;
  /** Among the types that can be bought now; null if there are none. */
  minPrice: string | null;
  maxPrice: string | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
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
} as const satisfies Record<keyof EventValues, Column<'events'>>;

const NUMBERS: ReadonlySet<string> = new Set<keyof EventValues>(['taxRate', 'cancellationWindowHours']);

const written = Object.entries(COLUMNS).map(
  ([name, column]) => `e.${column}${NUMBERS.has(name) ? '::float8' : ''} AS "${name}"`,
);

/** The columns of an `EventRow`; `e` is the event, `i` its inventory, `u` its organizer, `sale` its current sale. */
export const EVENT_COLUMNS = `${written.join(', ')}, e.id, e.organizer_id AS "organizerId", u.first_name AS "organizerFirstName",
  u.last_name AS "organizerLastName", u.logo_key AS "organizerLogoKey", e.is_free AS "isFree", e.cover_key AS "coverKey", i.capacity, i.sold, i.held, i.waiting,
  e.ends_at <= now() AS "isOver", u.status = 'suspended' AS "isOrganizerSuspended", CASE WHEN u.status = 'suspended' THEN 0 ELSE sale.available END AS available,
  CASE WHEN u.status <> 'suspended' THEN sale.min_price END AS "minPrice", CASE WHEN u.status <> 'suspended' THEN sale.max_price END AS "maxPrice", e.version, e.created_at AS "createdAt", e.updated_at AS "updatedAt"`;

export const EVENT_JOINS = `JOIN event_inventory i ON i.event_id = e.id JOIN users u ON u.id = e.organizer_id
  CROSS JOIN LATERAL sale_of(e.id) sale`;

const FIND = `SELECT ${EVENT_COLUMNS} FROM events e ${EVENT_JOINS} WHERE e.id = ? AND e.deleted_at IS NULL`;

export async function findEvent(db: Db, id: number): Promise<EventRow | undefined> {
  const { rows } = await db.raw<{ rows: EventRow[] }>(FIND, [id]).options(getPreparedName('event-find'));
  return rows[0];
}

/** Locks the event against other changes, but not against bookings; for those, lock its inventory first. */
export async function lockEvent(trx: Trx, id: number): Promise<EventRow | undefined> {
  const { rows } = await trx.raw<{ rows: EventRow[] }>(`${FIND} FOR NO KEY UPDATE OF e`, [id]);
  return rows[0];
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

/** Updates the event's price range from its ticket types. Returns whether the event is free of charge. */
export async function updatePriceRange(trx: Trx, id: number): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { is_free: boolean }[] }>(
    `UPDATE events e SET min_price = p.low, max_price = p.high, version = version + 1, updated_at = clock_timestamp()
     FROM (SELECT min(price) AS low, max(price) AS high FROM ticket_types WHERE event_id = :id AND deleted_at IS NULL) p
     WHERE e.id = :id RETURNING e.is_free`,
    { id },
  );
  return rows[0]!.is_free;
}

export async function deleteEvent(trx: Trx, id: number): Promise<void> {
  await trx('events')
    .where({ id })
    .update({ deleted_at: trx.fn.now(), version: trx.raw('version + 1'), updated_at: trx.fn.now() });
}
