export type ProviderName = 'stripe' | 'paypal' | 'crypto' | 'sandbox';

/** `failed` may be tried again with the same intent; `cancelled` is final. */
export type PaymentStatus = 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled';

export interface Charge {
  orderId: number;
  orderNumber: string;
  amount: string;
  currency: string;
  /** At most 100 characters. */
  idempotencyKey: string;
  description: string;
  customerEmail: string;
  expiresAt: Date;
}

export interface Intent {
  id: string;
  clientSecret: string | null;
  redirectUrl: string | null;
}

/**
 * What the provider says today. The amounts are as it has them: compare them and the currency with the order's.
 * `refunded` is what has gone back or is on its way, without refunds that failed.
 */
export interface PaymentState {
  intentId: string;
  status: PaymentStatus;
  currency: string;
  captured: string;
  refunded: string;
  /** Whether a bank has taken the money back, or holds it; undefined where we may not ask. */
  isDisputed: boolean | undefined;
}

export interface RefundRequest {
  intentId: string;
  amount: string;
  currency: string;
  /** At most 100 characters. */
  idempotencyKey: string;
  reason: string | null;
}

export interface ProviderRefund {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  /** Where the customer fetches the money, where the provider can't send it back by itself (crypto). */
  claimUrl?: string;
}

/** What a webhook told. `id` is the provider's id of the delivery's content, the same in each repetition. */
export interface ProviderMessage {
  id: string;
  type: string;
  intentId: string | null;
}

/** Each call throws AppError UNAVAILABLE where the provider is away, PAYMENT_FAILED where it declines, NOT_FOUND for an intent it does not know. */
export interface PaymentProvider {
  name: ProviderName;
  /** @throws AppError VALIDATION_ERROR for a currency or an amount that it can't take */
  createIntent(charge: Charge): Promise<Intent>;
  /** The provider's truth of today; also captures what the customer approved where that is a step of its own (PayPal). */
  findState(intentId: string): Promise<PaymentState>;
  /** Asks for it: what is paid or under way stays so, and `findState` tells. */
  cancelIntent(intentId: string): Promise<void>;
  /** The same key gives the same refund, with its status of today. */
  refund(request: RefundRequest): Promise<ProviderRefund>;
  /** @throws AppError VALIDATION_ERROR for a wrong or stale signature */
  readWebhook(body: Buffer, headers: Record<string, string | undefined>): Promise<ProviderMessage>;
}
