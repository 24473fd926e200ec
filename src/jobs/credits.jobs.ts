import { announceEndingCredits, expireCredits } from '../services/credits/expire-credits';
import { notifyCreditsExpiring, notifyCreditsGranted } from '../services/notifications/notify-store';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const creditsJobs = [
  job('credits.granted', 'email', notifyCreditsGranted),
  job('credits.expiring', 'email', notifyCreditsExpiring),
];

export const creditsSchedules: Schedule[] = [
  { name: 'expire credits', everySeconds: 60, run: expireCredits },
  { name: 'announce expiring credits', everySeconds: 3600, run: announceEndingCredits },
];
