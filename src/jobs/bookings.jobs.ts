import { expireHolds } from '../services/bookings/expire-holds';
import {
  notifyBookingCancelled,
  notifyBookingConfirmed,
  notifyBookingExpired,
  notifyBookingReminder,
  notifyBookingRescheduled,
} from '../services/notifications/notify-bookings';
import { remindBookings } from '../services/notifications/remind-bookings';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const bookingsJobs = [
  job('booking.confirmed', 'email', notifyBookingConfirmed),
  job('booking.cancelled', 'email', notifyBookingCancelled),
  job('booking.expired', 'email', notifyBookingExpired),
  job('booking.reminder', 'email', notifyBookingReminder),
  job('booking.rescheduled', 'email', notifyBookingRescheduled),
];

export const bookingsSchedules: Schedule[] = [
  { name: 'expire holds', everySeconds: 1, run: expireHolds },
  { name: 'remind bookings', everySeconds: 60, run: remindBookings },
];
