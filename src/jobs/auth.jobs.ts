import { cleanUpAuth } from '../services/auth/clean-up-auth';
import { cleanUpAbandonedHolds } from '../services/holds.service';
import { mailPasswordReset, mailVerification } from '../services/notifications/mail-users';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const authJobs = [
  job('user.verification', 'email', mailVerification),
  job('user.password_reset', 'email', mailPasswordReset),
];

export const authSchedules: Schedule[] = [
  { name: 'clean up sign-ins', everySeconds: 3600, run: cleanUpAuth },
  { name: 'clean up abandoned holds', everySeconds: 3600, run: cleanUpAbandonedHolds },
];
