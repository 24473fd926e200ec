import { config } from '../../config';
import { type PaypalLink, paypal, paypalOk } from './paypal.api';
import { createSignatureError, assertFresh, parseWebhook } from './signatures';
import type { ProviderMessage } from './types';

interface Resource {
  id?: string;
  supplementary_data?: { related_ids?: { order_id?: string } };
  links?: PaypalLink[];
  disputed_transactions?: { seller_transaction_id?: string }[];
}

interface PaypalEvent {
  id: string;
  event_type: string;
  resource?: Resource;
}

type Headers = Record<string, string | undefined>;

const CAPTURE = /\/v2\/payments\/captures\/([A-Z0-9]+)$/;

async function assertSignature(body: Buffer, headers: Headers): Promise<void> {
  const signed = {
    auth_algo: headers['paypal-auth-algo'],
    cert_url: headers['paypal-cert-url'],
    transmission_id: headers['paypal-transmission-id'],
    transmission_sig: headers['paypal-transmission-sig'],
    transmission_time: headers['paypal-transmission-time'],
  };
  if (Object.values(signed).some((header) => !header))
    throw createSignatureError('it has no PayPal-Transmission headers');
  assertFresh(new Date(signed.transmission_time!));
  const known = JSON.stringify({ ...signed, webhook_id: config.paypalWebhookId });
  const { verification_status } = await paypalOk<{ verification_status: string }>({
    method: 'POST',
    path: '/v1/notifications/verify-webhook-signature',
    // Send the raw body, because the signature covers these bytes and serializing the JSON again could change them.
    body: `${known.slice(0, -1)},"webhook_event":${body.toString('utf8')}}`,
  });
  if (verification_status !== 'SUCCESS') throw createSignatureError('its signature is wrong');
}

async function getOrderIdOfCapture(captureId: string): Promise<string | null> {
  const { body } = await paypal({ method: 'GET', path: `/v2/payments/captures/${encodeURIComponent(captureId)}` });
  return (body as Resource | undefined)?.supplementary_data?.related_ids?.order_id ?? null;
}

async function getOrderId({ event_type, resource = {} }: PaypalEvent): Promise<string | null> {
  if (event_type.startsWith('CHECKOUT.ORDER.')) return resource.id ?? null;
  const related = resource.supplementary_data?.related_ids?.order_id;
  if (related) return related;
  // A refund links to its capture, and a dispute contains its id.
  const up = resource.links?.find(({ rel }) => rel === 'up')?.href;
  const captureId = resource.disputed_transactions?.[0]?.seller_transaction_id ?? CAPTURE.exec(up ?? '')?.[1];
  return captureId ? getOrderIdOfCapture(captureId) : null;
}

export async function readWebhook(body: Buffer, headers: Headers): Promise<ProviderMessage> {
  const event = parseWebhook<PaypalEvent>(body);
  await assertSignature(body, headers);
  return { id: event.id, type: event.event_type, intentId: await getOrderId(event) };
}
