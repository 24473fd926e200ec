import { cleanUpNotices } from '../services/notifications.holders.service';
import { sendDueSms } from '../services/notifications.sms.service';
import type { Schedule } from '../services/schedules.service';
import { job } from './job';

export const notificationsJobs = [job('sms.due', 'sms', sendDueSms)];

export const notificationsSchedules: Schedule[] = [
  { name: 'clean up notices to holders', everySeconds: 86_400, run: cleanUpNotices },
];
