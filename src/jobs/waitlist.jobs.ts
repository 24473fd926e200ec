import {
  tellWaitlistClosed,
  tellWaitlistExpired,
  tellWaitlistOffered,
} from '../services/notifications.waitlist.service';
import type { Schedule } from '../services/schedules.service';
import { expireOffers } from '../services/waitlist.service';
import { job } from './job';

export const waitlistJobs = [
  job('waitlist.offered', 'email', tellWaitlistOffered),
  job('waitlist.expired', 'email', tellWaitlistExpired),
  job('waitlist.closed', 'email', tellWaitlistClosed),
];

export const waitlistSchedules: Schedule[] = [{ name: 'expire offers', everySeconds: 1, run: expireOffers }];
