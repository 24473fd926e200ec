import { countAnalytics, saveSnapshot } from '../services/analytics.count.service';
import type { Schedule } from '../services/schedules.service';

export const analyticsSchedules: Schedule[] = [
  { name: 'count analytics', everySeconds: 10, run: countAnalytics },
  { name: 'count how things stand', everySeconds: 120, run: saveSnapshot },
];
