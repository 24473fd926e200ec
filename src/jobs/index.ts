import type { QueueName } from '../integrations/queue/names';
import { SMS_CONNECTIONS } from '../services/notifications/send-sms';
import { EMAIL_CONNECTIONS } from '../services/notifications/notify';
import type { Schedule } from '../services/schedules/run-schedules';
import { analyticsSchedules } from './analytics.jobs';
import { auditSchedules } from './audit.jobs';
import { authJobs, authSchedules } from './auth.jobs';
import { bookingsJobs, bookingsSchedules } from './bookings.jobs';
import { announcementsJobs, announcementsSchedules } from './announcements.jobs';
import { eventsJobs, eventsSchedules } from './events.jobs';
import { filesJobs, filesSchedules } from './files.jobs';
import type { MessageJob } from './job';
import { notificationsJobs, notificationsSchedules } from './notifications.jobs';
import { ordersSchedules } from './orders.jobs';
import { outboxSchedules } from './outbox.jobs';
import { paymentsJobs, paymentsSchedules } from './payments.jobs';
import { privacySchedules } from './privacy.jobs';
import { strangersSchedules } from './strangers.jobs';
import { ticketsJobs } from './tickets.jobs';
import { waitlistJobs, waitlistSchedules } from './waitlist.jobs';

/** The job that handles each topic of messages. */
export const messageJobs: MessageJob[] = [
  ...authJobs,
  ...bookingsJobs,
  ...eventsJobs,
  ...filesJobs,
  ...announcementsJobs,
  ...notificationsJobs,
  ...paymentsJobs,
  ...ticketsJobs,
  ...waitlistJobs,
];

/** The jobs that run at intervals. */
export const schedules: Schedule[] = [
  ...analyticsSchedules,
  ...auditSchedules,
  ...authSchedules,
  ...bookingsSchedules,
  ...eventsSchedules,
  ...filesSchedules,
  ...announcementsSchedules,
  ...notificationsSchedules,
  ...ordersSchedules,
  ...paymentsSchedules,
  ...waitlistSchedules,
  ...outboxSchedules,
  ...privacySchedules,
  ...strangersSchedules,
];

/** How many jobs of each queue run at once in a process. */
export const queues: { name: QueueName; concurrency: number }[] = [
  { name: 'email', concurrency: EMAIL_CONNECTIONS },
  { name: 'sms', concurrency: SMS_CONNECTIONS },
  { name: 'notification', concurrency: 2 },
  { name: 'payments', concurrency: 5 },
  { name: 'maintenance', concurrency: 2 },
];
