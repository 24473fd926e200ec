export type ProviderName = 'stripe' | 'paypal' | 'crypto' | 'sandbox';

/** `failed` may be tried again with the same intent; `cancelled` is final. */
export type PaymentStatus = 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled';

export interface Charge {
  orderId: number;
  orderNumber: string;
  amount: string;
  currency: string;
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

/** What the provider says today. The amounts are as it has them: compare them and the currency with the order's. */
export interface PaymentState {
  intentId: string;
  status: PaymentStatus;
  currency: string;
  captured: string;
  refunded: string;
  isDisputed: boolean;
}

export interface RefundRequest {
  intentId: string;
  amount: string;
  currency: string;
  idempotencyKey: string;
  reason: string | null;
}

export interface ProviderRefund {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
}

/** What a webhook told. `id` is the provider's id of the delivery's content, the same in each repetition. */
export interface ProviderMessage {
  id: string;
  type: string;
  intentId: string | null;
}

/** Each call throws AppError UNAVAILABLE where the provider is away, PAYMENT_FAILED where it declines. */
export interface PaymentProvider {
  name: ProviderName;
  createIntent(charge: Charge): Promise<Intent>;
  /** The provider's truth of today; also captures what the customer approved where that is a step of its own (PayPal). */
  findState(intentId: string): Promise<PaymentState>;
  cancelIntent(intentId: string): Promise<void>;
  refund(request: RefundRequest): Promise<ProviderRefund>;
  /** @throws AppError VALIDATION_ERROR for a wrong or stale signature */
  readWebhook(body: Buffer, headers: Record<string, string | undefined>): Promise<ProviderMessage>;
}
