import { completePastEvents, refreshPopularity } from '../services/events/cancel-event';
import { refreshDueSales } from '../services/events/refresh-sales';
import {
  handleEventCancelled,
  notifyEventRescheduled,
  notifyEventUpdated,
} from '../services/notifications/notify-events';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const eventsJobs = [
  job('event.updated', 'notification', notifyEventUpdated),
  job('event.rescheduled', 'notification', notifyEventRescheduled),
  job('event.cancelled', 'notification', handleEventCancelled),
];

export const eventsSchedules: Schedule[] = [
  { name: 'complete past events', everySeconds: 30, run: completePastEvents },
  { name: 'refresh sales', everySeconds: 2, run: refreshDueSales },
  { name: 'refresh popularity', everySeconds: 60, run: refreshPopularity },
];
