import type { Db } from '../database';
import { toNumberArray } from '../lib/pg-array';
import type { EventStatus } from './events/events';
import { bool, int4, int8, json, orNull, query, statement, text, timestamptz, type ResultOf } from './statement';

interface TypeRow {
  id: number;
  /** Null if unlimited. */
  capacity: number | null;
  sold: number;
  held: number;
  salesStart: Date | null;
  salesEnd: Date | null;
  minPerBooking: number;
}

/** Times in JSON are strings. */
type TypeInJson = Omit<TypeRow, 'salesStart' | 'salesEnd'> & { salesStart: string | null; salesEnd: string | null };

const AVAILABILITY = statement({
  name: 'live-availability',
  isPrepared: true,
  columns: {
    eventId: int4('e.id'),
    organizerId: int4('e.organizer_id'),
    status: text<EventStatus>('e.status'),
    startDate: timestamptz('e.starts_at'),
    endDate: timestamptz('e.ends_at'),
    maxPerUser: orNull(int4('e.max_per_user')),
    /** Null if unlimited. */
    capacity: orNull(int4('i.capacity')),
    sold: int4('i.sold'),
    held: int4('i.held'),
    isOrganizerSuspended: bool("u.status = 'suspended'"),
    /** How many tickets can be bought now; null if unlimited. */
    available: orNull(int8("CASE WHEN u.status = 'suspended' THEN 0 ELSE sale.available END")),
    types: json<TypeInJson[]>(`(
      SELECT coalesce(
        json_agg(
          json_build_object(
            'id', t.id,
            'capacity', s.capacity,
            'sold', s.sold,
            'held', s.held,
            'salesStart', t.sales_start_at,
            'salesEnd', t.sales_end_at,
            'minPerBooking', t.min_per_booking
          )
          ORDER BY t.id
        ),
        '[]'
      )
      FROM ticket_types t
      JOIN ticket_type_inventory s ON s.ticket_type_id = t.id
      WHERE t.event_id = e.id AND t.deleted_at IS NULL
    )`),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM events e
  JOIN event_inventory i ON i.event_id = e.id
  JOIN users u ON u.id = e.organizer_id
  CROSS JOIN LATERAL sale_of(e.id) sale
  WHERE e.id = ANY (:eventIds::int[]) AND e.deleted_at IS NULL`,
});

export type AvailabilityRow = Omit<ResultOf<typeof AVAILABILITY>, 'types'> & { types: TypeRow[] };

const toDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

/** Returns the current availability of these events. */
export async function listAvailability(db: Db, eventIds: number[]): Promise<AvailabilityRow[]> {
  const rows = await query(db, AVAILABILITY, { eventIds: toNumberArray(eventIds) });
  return rows.map((row) => ({
    ...row,
    types: row.types.map((type) => ({
      ...type,
      salesStart: toDate(type.salesStart),
      salesEnd: toDate(type.salesEnd),
    })),
  }));
}
