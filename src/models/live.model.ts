import { prepared, type Db } from '../database';
import { numberArray } from '../lib/pg-array';
import type { EventStatus } from './events.model';

interface Stock {
  /** Null: unlimited. */
  capacity: number | null;
  sold: number;
  held: number;
}

export interface AvailabilityRow extends Stock {
  eventId: number;
  organizerId: number;
  status: EventStatus;
  types: ({ id: number } & Stock)[];
}

/** How many tickets are left at these events, as of now. */
export async function listAvailability(db: Db, eventIds: number[]): Promise<AvailabilityRow[]> {
  const { rows } = await db
    .raw<{ rows: AvailabilityRow[] }>(
      `SELECT e.id AS "eventId", e.organizer_id AS "organizerId", e.status, i.capacity, i.sold, i.held,
         (SELECT coalesce(json_agg(json_build_object('id', t.id, 'capacity', s.capacity, 'sold', s.sold, 'held', s.held) ORDER BY t.id), '[]')
          FROM ticket_types t JOIN ticket_type_inventory s ON s.ticket_type_id = t.id
          WHERE t.event_id = e.id AND t.deleted_at IS NULL) AS types
       FROM events e JOIN event_inventory i ON i.event_id = e.id
       WHERE e.id = ANY (?::int[]) AND e.deleted_at IS NULL`,
      [numberArray(eventIds)],
    )
    .options(prepared('live-availability'));
  return rows;
}
