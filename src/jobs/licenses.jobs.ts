import { notifyLicensesIssued } from '../services/notifications/notify-store';
import { job } from './job';

export const licensesJobs = [job('license.issued', 'email', notifyLicensesIssued)];
