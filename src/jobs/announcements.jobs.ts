import { collectRecipients, sendEventMessages, notifyEventMessage } from '../services/announcements/send-announcements';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const eventMessagesJobs = [
  job('event.message', 'notification', collectRecipients),
  job('event.message_due', 'email', notifyEventMessage),
];

export const eventMessagesSchedules: Schedule[] = [
  { name: 'send messages of organizers', everySeconds: 1, run: sendEventMessages },
];
