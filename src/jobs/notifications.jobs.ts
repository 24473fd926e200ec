import { sendDueSms } from '../services/notifications.sms.service';
import { job } from './job';

export const notificationsJobs = [job('sms.due', 'sms', sendDueSms)];
