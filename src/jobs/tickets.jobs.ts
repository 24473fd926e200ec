import { mailTicketTransferred } from '../services/notifications.tickets.service';
import { job } from './job';

export const ticketsJobs = [job('ticket.transferred', 'email', mailTicketTransferred)];
