import { config } from '../../config';
import { VERSION } from '../../config/version';
import { MAX_LINES, MAX_QUANTITY } from '../../lib/cart/cart-lines';
import { MAX_UPLOAD_BYTES } from '../../lib/files/upload';
import { currencies } from '../../lib/money/money';
import { MAX_ADDRESSES } from '../addresses.service';

/** What a front end has to know before anyone signs in. It changes only with the settings. */
export function getFrontEndConfig() {
  return {
    name: 'Bilten',
    version: VERSION,
    currencies: [...currencies].sort(),
    // Credits need no provider.
    paymentMethods: [...config.paymentProviders, 'credits'],
    stripePublishableKey: config.stripePublishableKey ?? null,
    support: {
      email: config.supportEmail ?? null,
      phone: config.supportPhone ?? null,
      whatsapp: config.supportWhatsapp ?? null,
    },
    limits: {
      ticketsPerBooking: config.maxTicketsPerUser,
      cartLines: MAX_LINES,
      quantityPerLine: MAX_QUANTITY,
      addresses: MAX_ADDRESSES,
      uploadBytes: MAX_UPLOAD_BYTES,
      holdMinutes: config.holdMinutes,
      cancellationWindowHours: config.cancellationWindowHours,
    },
    features: {
      verifiedEmailRequired: config.requireVerifiedEmail,
      liveUpdates: config.liveConnections > 0,
      textMessages: config.twilioAccountSid !== undefined,
      sandboxPayments: config.paymentProviders.includes('sandbox'),
    },
  };
}
