import type { Db } from '../../database';
import { execute, statement } from '../statement';

const INSERT_REMINDERS = statement({
  name: 'notifications-insert-reminders',
  columns: {},
  sql: () => `
  WITH due AS (
    SELECT b.id, e.starts_at
    FROM events e
    JOIN bookings b ON b.event_id = e.id
    WHERE e.status = 'published'
      AND e.deleted_at IS NULL
      AND e.starts_at > now()
      AND e.starts_at <= now() + make_interval(hours => :hours)
      AND b.status = 'confirmed'
      AND b.created_at < e.starts_at - make_interval(hours => :hours)
      AND NOT EXISTS (SELECT FROM booking_reminders r WHERE r.booking_id = b.id AND r.starts_at = e.starts_at)
    LIMIT :limit
  ), reminded AS (
    INSERT INTO booking_reminders (booking_id, starts_at)
    SELECT id, starts_at
    FROM due
    ON CONFLICT DO NOTHING
    RETURNING booking_id
  )
  INSERT INTO outbox_messages (topic, payload)
  SELECT 'booking.reminder', jsonb_build_object('bookingId', booking_id)
  FROM reminded`,
});

/**
 * Inserts due reminders for events that start within `hours`, once per booking and start, and none for
 * bookings made later than that. Returns how many.
 */
export async function insertReminders(db: Db, { hours, limit }: { hours: number; limit: number }): Promise<number> {
  return execute(db, INSERT_REMINDERS, { hours, limit });
}
