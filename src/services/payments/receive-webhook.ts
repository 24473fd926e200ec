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
 * Takes a provider's hint that something has happened, then asks how things stand: so neither order nor repetition of
 * deliveries matters. Kept once, in the transaction of its effect.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR for a wrong or stale signature, UNAVAILABLE
 */
export async function receiveWebhook(name: ProviderName, { body, headers, requestId }: Delivery): Promise<void> {
  if (!listProviderNames().includes(name)) throw new AppError('NOT_FOUND', 'Payment provider not found.');
  const { id: webhookId, type, intentId } = await getProvider(name).readWebhook(body, headers);
  // About nothing of ours, or about an intent that is not kept yet: the poller finds out what became of that.
  const payment = intentId === null ? undefined : await findPaymentByIntent(database, name, intentId);
  if (!payment || (await isKnownWebhook(database, name, webhookId))) return;
  const record = (trx: Trx) => insertWebhook(trx, { provider: name, webhookId, type, intentId });
  await syncPayment(payment.id, { record, requestId });
}
