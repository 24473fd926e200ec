import { cleanUpNotices } from '../services/notifications/notify-ticket-holders';
import { sendDueSms } from '../services/notifications/send-sms';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const notificationsJobs = [job('sms.due', 'sms', sendDueSms)];

export const notificationsSchedules: Schedule[] = [
  { name: 'clean up notices to holders', everySeconds: 86_400, run: cleanUpNotices },
];
