import { config } from '../../config';
import { AppError } from '../../errors';
import { btcpayProvider } from './btcpay';
import { paypalProvider } from './paypal';
import { sandbox } from './sandbox';
import { stripeProvider } from './stripe';
import type { PaymentProvider, ProviderName } from './types';

export type * from './types';

const factories: Partial<Record<ProviderName, () => PaymentProvider>> = {
  stripe: stripeProvider,
  paypal: paypalProvider,
  crypto: btcpayProvider,
  sandbox: () => sandbox,
};

const providers = new Map<ProviderName, PaymentProvider>();

/** Those that customers can pay with here. */
export function listProviderNames(): ProviderName[] {
  return config.paymentProviders;
}

/** @throws AppError NOT_FOUND where it is not configured */
export function getProvider(name: ProviderName): PaymentProvider {
  const factory = listProviderNames().includes(name) ? factories[name] : undefined;
  if (!factory) throw new AppError('NOT_FOUND', `There is no payment provider ${name} here.`);
  const known = providers.get(name) ?? factory();
  providers.set(name, known);
  return known;
}
