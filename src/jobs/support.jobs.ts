import type { Schedule } from '../services/schedules/run-schedules';
import { notifySupportMessage, notifySupportOverdue, notifySupportResolved } from '../services/support/support-notices';
import { closeResolvedSupportTickets, markLateSupportTickets } from '../services/support/support-schedules';
import { job } from './job';

export const supportJobs = [
  job('support.message', 'email', notifySupportMessage),
  job('support.overdue', 'email', notifySupportOverdue),
  job('support.resolved', 'email', notifySupportResolved),
];

export const supportSchedules: Schedule[] = [
  { name: 'mark late support tickets', everySeconds: 60, run: markLateSupportTickets },
  { name: 'close resolved support tickets', everySeconds: 600, run: closeResolvedSupportTickets },
];
