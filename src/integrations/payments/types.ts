export type ProviderName = 'stripe' | 'paypal' | 'crypto' | 'sandbox';

/** A `failed` payment can be retried with the same intent; `cancelled` is final. */
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
 * The current state according to the provider. Compare amounts and currency with those of the order.
 * `refunded` includes refunds in progress, but not failed ones.
 */
export interface PaymentState {
  intentId: string;
  status: PaymentStatus;
  currency: string;
  captured: string;
  refunded: string;
  /** True if a bank has taken the money back or holds it; undefined if we may not read disputes. */
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
  /** Where the customer can claim the money, if the provider cannot send it back by itself (BTCPay Server). */
  claimUrl?: string;
}

/** The content of a webhook. `id` is the provider's id, which is the same for repeated deliveries. */
export interface ProviderMessage {
  id: string;
  type: string;
  intentId: string | null;
}

/** Each call throws AppError UNAVAILABLE if the provider is down, PAYMENT_FAILED if it declines, NOT_FOUND for an unknown intent. */
export interface PaymentProvider {
  name: ProviderName;
  /** Creates an intent. @throws AppError VALIDATION_ERROR for an unsupported currency or amount */
  createIntent(charge: Charge): Promise<Intent>;
  /** Returns the current state. Also captures an approved payment where that is a separate step (PayPal). */
  findState(intentId: string): Promise<PaymentState>;
  /** Requests cancellation. Payments that are made or in progress continue, as `findState` shows. */
  cancelIntent(intentId: string): Promise<void>;
  /** Makes a refund. The same key returns the same refund with its current status. */
  refund(request: RefundRequest): Promise<ProviderRefund>;
  /** Verifies and parses a webhook. @throws AppError VALIDATION_ERROR for an invalid or stale signature */
  readWebhook(body: Buffer, headers: Record<string, string | undefined>): Promise<ProviderMessage>;
}
