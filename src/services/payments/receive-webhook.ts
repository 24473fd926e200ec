import { database, type Trx } from '../../database';
import { AppError } from '../../errors';
import { getProvider, listProviderNames, type ProviderName } from '../../integrations/payments';
import { findPaymentByIntent, insertWebhook, isKnownWebhook } from '../../models/payments/payments';
import { syncPayment } from './sync-payment';

export interface Delivery {
  body: Buffer;
  headers: Record<string, string | undefined>;
  requestId?: string;
}

/**
 * Receives a webhook and syncs its payment with the provider, so neither the order nor the repetition of deliveries matters.
 * The webhook is recorded once, in the transaction of its effect.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR for a wrong or stale signature, UNAVAILABLE
 */
export async function receiveWebhook(name: ProviderName, { body, headers, requestId }: Delivery): Promise<void> {
  if (!listProviderNames().includes(name)) throw new AppError('NOT_FOUND', 'Payment provider not found.');
  const { id: webhookId, type, intentId } = await getProvider(name).readWebhook(body, headers);
  // The intent is unknown, or not stored yet; the poller syncs it later.
  const payment = intentId === null ? undefined : await findPaymentByIntent(database, name, intentId);
  if (!payment || (await isKnownWebhook(database, name, webhookId))) return;
  const record = (trx: Trx) => insertWebhook(trx, { provider: name, webhookId, type, intentId });
  await syncPayment(payment.id, { record, requestId });
}
