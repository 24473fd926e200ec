import { mailTicketTransferred, notifyTicketHolder } from '../services/notifications.holders.service';
import { job } from './job';

export const ticketsJobs = [
  job('ticket.transferred', 'email', mailTicketTransferred),
  job('ticket.notice', 'email', notifyTicketHolder),
];
