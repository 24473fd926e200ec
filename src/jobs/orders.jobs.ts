import { issueDueInvoices } from '../services/orders/issue-invoices';
import type { Schedule } from '../services/schedules/run-schedules';

// A payment issues its invoice at once; this catches up if the process died in between.
export const ordersSchedules: Schedule[] = [{ name: 'issue invoices', everySeconds: 5, run: issueDueInvoices }];
