import { collectRecipients, sendAnnouncements, notifyAnnouncement } from '../services/announcements/send-announcements';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const announcementsJobs = [
  job('event.message', 'notification', collectRecipients),
  job('event.message_due', 'email', notifyAnnouncement),
];

export const announcementsSchedules: Schedule[] = [
  { name: 'send messages of organizers', everySeconds: 1, run: sendAnnouncements },
];
