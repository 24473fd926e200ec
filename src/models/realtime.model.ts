import { getPreparedName, type Db } from '../database';
import { toNumberArray } from '../lib/pg-array';
import type { EventStatus } from './events/events';

interface InventoryCounts {
  /** Null if unlimited. */
  capacity: number | null;
  sold: number;
  held: number;
}

interface TypeRow extends InventoryCounts {
  id: number;
  salesStart: Date | null;
  salesEnd: Date | null;
  minPerBooking: number;
}

export interface AvailabilityRow extends InventoryCounts {
  eventId: number;
  organizerId: number;
  status: EventStatus;
  startDate: Date;
  endDate: Date;
  maxPerUser: number | null;
  isOrganizerSuspended: boolean;
  /** How many tickets can be bought now; null if unlimited. */
  available: number | null;
  types: TypeRow[];
}

/** Returns the current availability of these events. */
export async function listAvailability(db: Db, eventIds: number[]): Promise<AvailabilityRow[]> {
  const { rows } = await db
    .raw<{ rows: AvailabilityRow[] }>(
      `SELECT e.id AS "eventId", e.organizer_id AS "organizerId", e.status, e.starts_at AS "startDate", e.ends_at AS "endDate",
         e.max_per_user AS "maxPerUser", i.capacity, i.sold, i.held, u.status = 'suspended' AS "isOrganizerSuspended",
         CASE WHEN u.status = 'suspended' THEN 0 ELSE sale.available END AS available,
         (SELECT coalesce(json_agg(json_build_object('id', t.id, 'capacity', s.capacity, 'sold', s.sold, 'held', s.held,
              'salesStart', t.sales_start_at, 'salesEnd', t.sales_end_at, 'minPerBooking', t.min_per_booking) ORDER BY t.id), '[]')
          FROM ticket_types t JOIN ticket_type_inventory s ON s.ticket_type_id = t.id
          WHERE t.event_id = e.id AND t.deleted_at IS NULL) AS types
       FROM events e JOIN event_inventory i ON i.event_id = e.id JOIN users u ON u.id = e.organizer_id
       CROSS JOIN LATERAL sale_of(e.id) sale
       WHERE e.id = ANY (?::int[]) AND e.deleted_at IS NULL`,
      [toNumberArray(eventIds)],
    )
    .options(getPreparedName('live-availability'));
  // Times in JSON are strings.
  const toDate = (time: Date | null): Date | null => (time === null ? null : new Date(time));
  return rows.map((row) => ({
    ...row,
    types: row.types.map((type) => ({
      ...type,
      salesStart: toDate(type.salesStart),
      salesEnd: toDate(type.salesEnd),
    })),
  }));
}
