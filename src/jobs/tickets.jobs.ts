import { mailTicketTransferred, notifyTicketHolder } from '../services/notifications/notify-ticket-holders';
import { job } from './job';

export const ticketsJobs = [
  job('ticket.transferred', 'email', mailTicketTransferred),
  job('ticket.notice', 'email', notifyTicketHolder),
];
