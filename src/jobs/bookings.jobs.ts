import { expireHolds } from '../services/bookings.expire.service';
import {
  tellBookingCancelled,
  tellBookingConfirmed,
  tellBookingExpired,
  tellBookingReminder,
  tellBookingRescheduled,
} from '../services/notifications.bookings.service';
import { remindBookings } from '../services/notifications.reminders.service';
import type { Schedule } from '../services/schedules.service';
import { job } from './job';

export const bookingsJobs = [
  job('booking.confirmed', 'email', tellBookingConfirmed),
  job('booking.cancelled', 'email', tellBookingCancelled),
  job('booking.expired', 'email', tellBookingExpired),
  job('booking.reminder', 'email', tellBookingReminder),
  job('booking.rescheduled', 'email', tellBookingRescheduled),
];

export const bookingsSchedules: Schedule[] = [
  { name: 'expire holds', everySeconds: 1, run: expireHolds },
  { name: 'remind bookings', everySeconds: 60, run: remindBookings },
];
