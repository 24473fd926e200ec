import { notifyPaymentFailed, notifyRefundSent } from '../services/notifications.payments.service';
import { closeDuePayments, handleOrderClosed, handlePaymentDisputed } from '../services/payments.close.service';
import { handlePaymentCaptured } from '../services/payments.conclude.service';
import { pollPayments } from '../services/payments.poll.service';
import { reconcilePayments } from '../services/payments.reconcile.service';
import { checkOpenRefunds, handleRefundRequested } from '../services/payments.refund.service';
import type { Schedule } from '../services/schedules.service';
import { job } from './job';

export const paymentsJobs = [
  job('order.closed', 'payments', handleOrderClosed),
  job('payment.captured', 'payments', handlePaymentCaptured),
  job('payment.disputed', 'payments', handlePaymentDisputed),
  job('payment.failed', 'email', notifyPaymentFailed),
  job('refund.requested', 'payments', handleRefundRequested),
  job('refund.sent', 'email', notifyRefundSent),
];

export const paymentsSchedules: Schedule[] = [
  { name: 'close payments of holds', everySeconds: 1, run: closeDuePayments },
  { name: 'poll payments', everySeconds: 5, run: pollPayments },
  { name: 'follow refunds', everySeconds: 60, run: checkOpenRefunds },
  { name: 'reconcile payments', everySeconds: 3600, run: reconcilePayments },
];
