import { toMs } from '../sql';
import type { EventStatus } from '../../lib/statuses';

/** The event as part of bookings and waitlist entries; `e` is its row. */
export interface EventSummaryRow {
  id: number;
  organizerId: number;
  title: string;
  status: EventStatus;
  startsAt: number;
  endsAt: number;
  timezone: string;
  venueName: string | null;
  venueAddress: string | null;
  coverKey: string | null;
  /** The terms that determine until when bookings can be cancelled. */
  cancellationWindowHours: number | null;
  rescheduledAt: number | null;
}

export const EVENT_SUMMARY = `json_build_object(
    'id', e.id,
    'organizerId', e.organizer_id,
    'title', e.title,
    'status', e.status,
    'startsAt', ${toMs('e.starts_at')},
    'endsAt', ${toMs('e.ends_at')},
    'timezone', e.timezone,
    'venueName', e.venue_name,
    'venueAddress', e.venue_address,
    'coverKey', e.cover_key,
    'cancellationWindowHours', e.cancellation_window_hours,
    'rescheduledAt', ${toMs('e.rescheduled_at')}
  )`;
