import { expireOrders } from '../services/orders/expire-orders';
import { issueDueInvoices } from '../services/orders/issue-invoices';
import type { Schedule } from '../services/schedules/run-schedules';

export const ordersSchedules: Schedule[] = [
  { name: 'expire orders', everySeconds: 1, run: expireOrders },
  // A payment issues its invoice at once; this catches up if the process died in between.
  { name: 'issue invoices', everySeconds: 5, run: issueDueInvoices },
];
