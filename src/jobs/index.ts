import type { QueueName } from '../integrations/queue/names';
import { SMS_CONNECTIONS } from '../services/notifications/send-sms';
import type { RelayedQueue } from '../services/outbox/relay-messages';
import type { Schedule } from '../services/schedules/run-schedules';
import { analyticsSchedules } from './analytics.jobs';
import { auditSchedules } from './audit.jobs';
import { authJobs, authSchedules } from './auth.jobs';
import { bookingsJobs, bookingsSchedules } from './bookings.jobs';
import { announcementsJobs, announcementsSchedules } from './announcements.jobs';
import { cartSchedules } from './cart.jobs';
import { creditsJobs, creditsSchedules } from './credits.jobs';
import { eventsJobs, eventsSchedules } from './events.jobs';
import { filesJobs, filesSchedules } from './files.jobs';
import type { MessageJob } from './job';
import { licensesJobs } from './licenses.jobs';
import { notificationsJobs, notificationsSchedules } from './notifications.jobs';
import { ordersSchedules } from './orders.jobs';
import { outboxSchedules } from './outbox.jobs';
import { paymentsJobs, paymentsSchedules } from './payments.jobs';
import { privacySchedules } from './privacy.jobs';
import { productsSchedules } from './products.jobs';
import { strangersSchedules } from './strangers.jobs';
import { supportJobs, supportSchedules } from './support.jobs';
import { ticketsJobs } from './tickets.jobs';
import { waitlistJobs, waitlistSchedules } from './waitlist.jobs';

const EMAIL_CHUNK_SIZE = 25;

/** The job that handles each topic of messages. */
export const messageJobs: MessageJob[] = [
  ...authJobs,
  ...bookingsJobs,
  ...creditsJobs,
  ...eventsJobs,
  ...filesJobs,
  ...announcementsJobs,
  ...licensesJobs,
  ...notificationsJobs,
  ...paymentsJobs,
  ...supportJobs,
  ...ticketsJobs,
  ...waitlistJobs,
];

/** The jobs that run at intervals. */
export const schedules: Schedule[] = [
  ...analyticsSchedules,
  ...auditSchedules,
  ...authSchedules,
  ...bookingsSchedules,
  ...cartSchedules,
  ...creditsSchedules,
  ...eventsSchedules,
  ...filesSchedules,
  ...announcementsSchedules,
  ...notificationsSchedules,
  ...ordersSchedules,
  ...paymentsSchedules,
  ...productsSchedules,
  ...supportSchedules,
  ...waitlistSchedules,
  ...outboxSchedules,
  ...privacySchedules,
  ...strangersSchedules,
];

/**
 * How many jobs of each queue run at once in a process, and how many messages one carries. Mails to be sent at once exceed the
 * connections to the mail server, so that these are always busy, but not by much: urgent mail cannot overtake them any more.
 */
export const queues: (RelayedQueue & { name: QueueName })[] = [
  { name: 'email', concurrency: 4, chunk: EMAIL_CHUNK_SIZE },
  { name: 'sms', concurrency: SMS_CONNECTIONS, chunk: 1 },
  { name: 'notification', concurrency: 2, chunk: 1 },
  { name: 'payments', concurrency: 5, chunk: 1 },
  { name: 'maintenance', concurrency: 2, chunk: 1 },
];
