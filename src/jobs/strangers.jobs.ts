import type { Schedule } from '../services/schedules/run-schedules';
import { cleanUpStrangerCounts } from '../services/strangers.service';

export const strangersSchedules: Schedule[] = [
  { name: 'clean up counts of mail to strangers', everySeconds: 86_400, run: cleanUpStrangerCounts },
];
