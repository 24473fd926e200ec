import {
  notifyWaitlistClosed,
  notifyWaitlistExpired,
  notifyWaitlistOffered,
} from '../services/notifications/notify-waitlist';
import type { Schedule } from '../services/schedules/run-schedules';
import { expireOffers } from '../services/waitlist/join-and-leave';
import { job } from './job';

export const waitlistJobs = [
  job('waitlist.offered', 'email', notifyWaitlistOffered),
  job('waitlist.expired', 'email', notifyWaitlistExpired),
  job('waitlist.closed', 'email', notifyWaitlistClosed),
];

export const waitlistSchedules: Schedule[] = [{ name: 'expire offers', everySeconds: 1, run: expireOffers }];
