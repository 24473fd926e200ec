import { tellPaymentFailed, tellRefundSent } from '../services/notifications.payments.service';
import { closeDuePayments, settleOrderClosed, settlePaymentDisputed } from '../services/payments.close.service';
import { settlePaymentCaptured } from '../services/payments.conclude.service';
import { pollPayments } from '../services/payments.poll.service';
import { reconcilePayments } from '../services/payments.reconcile.service';
import { followRefunds, settleRefundRequested } from '../services/payments.refund.service';
import type { Schedule } from '../services/schedules.service';
import { job } from './job';

export const paymentsJobs = [
  job('order.closed', 'payments', settleOrderClosed),
  job('payment.captured', 'payments', settlePaymentCaptured),
  job('payment.disputed', 'payments', settlePaymentDisputed),
  job('payment.failed', 'email', tellPaymentFailed),
  job('refund.requested', 'payments', settleRefundRequested),
  job('refund.sent', 'email', tellRefundSent),
];

export const paymentsSchedules: Schedule[] = [
  { name: 'close payments of holds', everySeconds: 1, run: closeDuePayments },
  { name: 'poll payments', everySeconds: 5, run: pollPayments },
  { name: 'follow refunds', everySeconds: 60, run: followRefunds },
  { name: 'reconcile payments', everySeconds: 3600, run: reconcilePayments },
];
