import { countAnalytics, saveSnapshot } from '../services/analytics/count-analytics';
import type { Schedule } from '../services/schedules/run-schedules';

export const analyticsSchedules: Schedule[] = [
  { name: 'count analytics', everySeconds: 10, run: countAnalytics },
  { name: 'count how things stand', everySeconds: 120, run: saveSnapshot },
];
