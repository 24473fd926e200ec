import { Reply, type RouteRequest } from '../http/route';
import type { ProviderName } from '../integrations/payments';
import type { SandboxOutcome } from '../integrations/payments/sandbox';
import { decideSandboxPayment } from '../services/payments/decide-sandbox-payment';
import { listPaymentProblems, type ListPaymentProblems } from '../services/payments/list-payment-problems';
import { receiveWebhook } from '../services/payments/receive-webhook';

export async function receive({ params, raw, caller }: RouteRequest<'public', { provider: ProviderName }>) {
  await receiveWebhook(params.provider, { ...raw!, requestId: caller.requestId });
  return new Reply(null, { message: 'Received.' });
}

export function decide({
  params,
  caller,
}: RouteRequest<'public', { paymentIntentId: string; outcome: SandboxOutcome }>) {
  return decideSandboxPayment(params.paymentIntentId, params.outcome, caller.requestId);
}

export function listProblems({ query }: RouteRequest<'admin', unknown, ListPaymentProblems>) {
  return listPaymentProblems(query);
}
