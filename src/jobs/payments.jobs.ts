import {
  notifyOrderFulfilled,
  notifyOrderWithdrawn,
  notifySellerOfWithdrawal,
} from '../services/notifications/notify-store';
import {
  notifyOrderExpired,
  notifyOrderPaid,
  notifyPaymentFailed,
  notifyRefundSent,
} from '../services/notifications/notify-payments';
import { closeDuePayments, handleOrderClosed, handlePaymentDisputed } from '../services/payments/close-payments';
import { handlePaymentCaptured } from '../services/payments/conclude-payment';
import { pollPayments } from '../services/payments/poll-payments';
import { reconcilePayments } from '../services/payments/reconcile-payments';
import { checkOpenRefunds, handleRefundRequested } from '../services/payments/refund-order';
import { handleItemsRefunded } from '../services/payments/return-items';
import type { Schedule } from '../services/schedules/run-schedules';
import { job } from './job';

export const paymentsJobs = [
  job('order.closed', 'payments', handleOrderClosed),
  job('order.items_refunded', 'payments', handleItemsRefunded),
  job('order.paid', 'email', notifyOrderPaid),
  job('order.expired', 'email', notifyOrderExpired),
  job('order.fulfilled', 'email', notifyOrderFulfilled),
  job('order.withdrawn', 'email', notifyOrderWithdrawn),
  job('order.withdrawal_received', 'email', notifySellerOfWithdrawal),
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
