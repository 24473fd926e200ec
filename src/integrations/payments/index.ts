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

/** Returns the configured providers. */
export function listProviderNames(): ProviderName[] {
  return config.paymentProviders;
}

/** Returns a provider. @throws AppError NOT_FOUND if it is not configured */
export function getProvider(name: ProviderName): PaymentProvider {
  const factory = listProviderNames().includes(name) ? factories[name] : undefined;
  if (!factory) throw new AppError('NOT_FOUND', `There is no payment provider ${name} here.`);
  const known = providers.get(name) ?? factory();
  providers.set(name, known);
  return known;
}
