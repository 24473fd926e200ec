import sharp from 'sharp';
import { deliver } from '../../tests/fakes/server';
import type { FakeStripe } from '../../tests/fakes/stripe';
import type { MailServer } from '../../tests/helpers/servers/mail-server';
import { eventually } from '../../tests/helpers/servers/processes';
import { call, ORIGIN, send } from './client';

/** What the README shows: register, book, sell, check in, refund, order; with mail and a payment provider of the rehearsal. */

const PASSWORD = 'a rehearsal has long pass phrases';

export interface Servers {
  mail: MailServer;
  stripe: FakeStripe;
}

export interface Walked {
  customer: string;
  organizer: string;
  /** An event that is free and can be booked again and again. */
  eventId: number;
  cover: string;
}

function assertIs<T>(what: string, actual: T, expected: T): void {
  if (actual !== expected) throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

/** Registers, follows the link in the mail, and signs in. @returns the token */
export async function register({ mail }: Servers, email: string, role = 'customer'): Promise<string> {
  await call('POST /auth/register', { body: { email, password: PASSWORD, role } });
  const link = await eventually(
    () => /verify-email\?token=([^\s"&]+)/.exec(mail.mailsTo(email).at(0)?.text ?? '')?.[1],
    () => `the mail to ${email}`,
  );
  await call('POST /auth/verify-email', { body: { token: decodeURIComponent(link) } });
  return (await call<{ token: string }>('POST /auth/login', { body: { email, password: PASSWORD } })).token;
}

/** The customer pays at the provider, which tells the program through nginx. */
async function pay({ stripe }: Servers, intentId: string): Promise<void> {
  const earlier = stripe.events.length;
  stripe.pay(intentId);
  const webhooks = stripe.events.slice(earlier).map((event) => stripe.sign(event));
  const statuses = await deliver(`${ORIGIN}/api/payments/webhooks/stripe`, webhooks);
  assertIs('The webhooks are taken', statuses.join(), statuses.map(() => 200).join());
}

async function sell(servers: Servers, organizer: string, customer: string): Promise<void> {
  const show = await call<{ id: number; ticketTypes: { id: number }[] }>('POST /events', {
    token: organizer,
    body: {
      title: 'An evening with two prices',
      startDate: '2030-05-01T19:00:00Z',
      totalTickets: 60,
      ticketTypes: [
        { name: 'Stalls', price: '30.00' },
        { name: 'Circle', price: '20.00' },
      ],
    },
  });
  const discount = { code: 'SPRING', type: 'percentage', value: 20, eventId: show.id };
  await call('POST /discounts', { token: organizer, body: discount });
  const items = show.ticketTypes.map(({ id }) => ({ ticketTypeId: id, quantity: 1 }));
  const booking = await call<{ id: number; order: { id: number; total: string } }>('POST /bookings', {
    token: customer,
    body: { eventId: show.id, discountCode: 'spring', items },
  });
  const { paymentIntentId } = await call<{ paymentIntentId: string }>(`POST /orders/${booking.order.id}/pay`, {
    token: customer,
    body: { paymentMethod: 'stripe' },
  });
  await pay(servers, paymentIntentId);
  const { status, tickets } = await call<{ status: string; tickets: { code: string }[] }>(
    `GET /bookings/${booking.id}`,
    { token: customer },
  );
  assertIs('The paid booking', status, 'confirmed');
  const pdf = await call<string>(`GET /bookings/${booking.id}/tickets.pdf`, { token: customer });
  assertIs('The tickets', pdf.slice(0, 5), '%PDF-');
  const checkIn = { token: organizer, body: { code: tickets[0]!.code } };
  const statuses = [];
  for (const _ of [1, 2]) statuses.push((await send(`POST /events/${show.id}/check-in`, checkIn)).status);
  assertIs('The check-ins', statuses.join(), '200,409');
  await call(`POST /orders/${booking.order.id}/refund`, {
    token: organizer,
    body: { amount: '16.00', reason: 'Short' },
  });
}

async function order(servers: Servers, { organizer, customer, admin }: Record<string, string>): Promise<void> {
  const common = { price: '25.00', currency: 'EUR' };
  const goods = await call('POST /products', { token: organizer, body: { ...common, name: 'Tour shirt' } });
  const license = await call('POST /products', {
    token: organizer,
    body: { ...common, name: 'Studio', productType: 'license', licensePolicy: { maxActivations: 1, offlineDays: 14 } },
  });
  const shipping = await call('POST /admin/shipping-options', {
    token: admin,
    body: { name: 'Standard', countries: ['DE'], price: '4.90', currency: 'EUR' },
  });
  for (const { id } of [goods, license])
    await call('POST /cart/items', { token: customer, body: { productId: id, quantity: 1 } });
  const { payment } = await call<{ payment: { paymentIntentId: string } }>('POST /orders', {
    token: customer,
    body: {
      shippingAddress: { name: 'Ada', line1: 'Quay Street 12', city: 'Hamburg', postalCode: '20457', country: 'DE' },
      shippingOptionId: shipping.id,
      paymentMethod: 'stripe',
    },
  });
  await pay(servers, payment.paymentIntentId);
  const [issued] = await call<{ key: string }[]>('GET /licenses', { token: customer });
  await call('POST /activations', { body: { key: issued!.key, fingerprint: 'the-first-device-of-ada' } });
}

async function upload(organizer: string, eventId: number): Promise<string> {
  const form = new FormData();
  const picture = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#d1495b' } })
    .png()
    .toBuffer();
  form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/png' }), 'cover.png');
  const cover = `POST /events/${eventId}/cover`;
  const { coverImageUrl } = await call<{ coverImageUrl: string }>(cover, { token: organizer, body: form });
  assertIs('The cover', (await fetch(coverImageUrl)).status, 200);
  return coverImageUrl;
}

export async function walk(servers: Servers, admin: { email: string; password: string }): Promise<Walked> {
  const health = await Promise.all(
    ['/health/ready', '/metrics'].map(async (path) => (await fetch(ORIGIN + path)).status),
  );
  assertIs('Health and metrics from outside', health.join(), '404,404');
  const plain = await fetch('http://tickets.example.com/events', { redirect: 'manual' });
  assertIs('Without TLS', plain.headers.get('location'), `${ORIGIN}/events`);
  const page = await (await fetch(ORIGIN)).text();
  assertIs('The front page', page.includes('<html'), true);

  const adminToken = (await call<{ token: string }>('POST /auth/login', { body: admin })).token;
  const organizer = await register(servers, 'organizer@example.org', 'organizer');
  const customer = await register(servers, 'ada@example.org');
  const event = {
    title: 'An open evening',
    startDate: '2030-06-01T19:00:00Z',
    totalTickets: null,
    allowMultipleBookings: true,
  };
  const { id: eventId } = await call('POST /events', { token: organizer, body: event });
  const booking = { eventId, ticketsCount: 2 };
  const { status } = await call<{ status: string }>('POST /bookings', { token: customer, body: booking });
  assertIs('The free booking', status, 'confirmed');
  await eventually(() => servers.mail.mailsTo('ada@example.org').some(({ attachments }) => attachments.length > 0));
  await sell(servers, organizer, customer);
  await order(servers, { organizer, customer, admin: adminToken });
  return { customer, organizer, eventId, cover: await upload(organizer, eventId) };
}
