import { collectRecipients, sendEventMessages, notifyEventMessage } from '../services/event-messages.send.service';
import type { Schedule } from '../services/schedules.service';
import { job } from './job';

export const eventMessagesJobs = [
  job('event.message', 'notification', collectRecipients),
  job('event.message_due', 'email', notifyEventMessage),
];

export const eventMessagesSchedules: Schedule[] = [
  { name: 'send messages of organizers', everySeconds: 1, run: sendEventMessages },
];
