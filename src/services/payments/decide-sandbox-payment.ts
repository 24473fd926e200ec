import { database } from '../../database';
import { AppError } from '../../errors';
import { listProviderNames } from '../../integrations/payments';
import { decideSandboxIntent, type SandboxOutcome } from '../../integrations/payments/sandbox';
import { findPaymentByIntent } from '../../models/payments/payments';
import { getOrderRow } from '../orders/order-status';
import { syncPayment } from './sync-payment';

/** Simulates what a customer does on a provider's page. @throws AppError NOT_FOUND */
export async function decideSandboxPayment(paymentIntentId: string, outcome: SandboxOutcome, requestId: string) {
  const isKnown = listProviderNames().includes('sandbox') && (await decideSandboxIntent(paymentIntentId, outcome));
  const payment = isKnown ? await findPaymentByIntent(database, 'sandbox', paymentIntentId) : undefined;
  if (!payment) throw new AppError('NOT_FOUND', 'Payment intent not found.');
  const { status } = await syncPayment(payment.id, { requestId });
  const { id, orderNumber, status: orderStatus } = await getOrderRow(database, payment.orderId);
  return { paymentIntentId, status, order: { id, orderNumber, status: orderStatus } };
}
