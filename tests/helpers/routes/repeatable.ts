import { randomUUID } from 'node:crypto';
import type { Test } from 'supertest';
import type { Route } from '../../../src/http/route';
import { aFullEvent, anOpenEvent, booked, registerUser, theOrganizer, type TestUser } from '../bookings';
import { aProduct, fillCart } from '../checkout';
import { as, type Client } from '../client';
import { inHours } from '../events';
import { picture, PDF } from '../files';
import { makeLicenseProduct } from '../licenses';
import { anUnsentOrder } from '../fulfillment';
import { aPaidOrder, anUnpaidOrder } from '../orders';
import { makeProduct } from '../products';
import { STALLS } from '../seats';
import { ADDRESS } from '../store';
import { ticketsOf } from '../tickets';
import { openSupportTicket, QUESTION } from '../support';

/** A request to a route that accepts an idempotency key. It shares no rows with other requests. */
export interface Repeatable {
  user: TestUser;
  path: string;
  body?: object;
  file?: Buffer;
}

const onEvent = async (name: string, more: Partial<Repeatable>): Promise<Repeatable> => {
  const event = await anOpenEvent();
  await booked(await registerUser(), event.id);
  return { user: await theOrganizer(), path: `/api/events/${event.id}/${name}`, ...more };
};

const onProduct = async (name: string, more: Partial<Repeatable>): Promise<Repeatable> => {
  const user = await theOrganizer();
  const { id } = await makeProduct(user, { stock: 5 });
  return { user, path: `/api/products/${id}/${name}`, ...more };
};

const onSupportTicket = async (name: string, more: Partial<Repeatable>): Promise<Repeatable> => {
  const user = await registerUser();
  const { id } = await openSupportTicket(user);
  return { user, path: `/api/support/tickets/${id}/${name}`, ...more };
};

const GRACE = { name: 'Grace Hopper', email: 'grace@example.com' };

async function aTicket() {
  const { id: eventId } = await anOpenEvent();
  const user = await registerUser();
  const { id: bookingId } = await booked(user, eventId);
  const [ticket] = await ticketsOf(user, bookingId);
  return { user, eventId, bookingId, ticket: ticket! };
}

const REQUESTS: Record<string, () => Promise<Repeatable>> = {
  createBooking: async () => {
    const { id: eventId } = await anOpenEvent({ allowMultipleBookings: true });
    return { user: await registerUser(), path: '/api/bookings', body: { eventId, ticketsCount: 2 } };
  },
  checkout: async () => {
    const user = await registerUser();
    await fillCart(user, [{ productId: await aProduct({ stock: 5 }), quantity: 2 }]);
    return { user, path: '/api/orders', body: { note: 'Ring twice' } };
  },
  joinWaitlist: async () => {
    const { event } = await aFullEvent();
    return { user: await registerUser(), path: '/api/waitlist/join', body: { eventId: event.id } };
  },
  createEvent: async () => ({
    user: await theOrganizer(),
    path: '/api/events',
    body: { title: 'Once', startDate: inHours(100) },
  }),
  duplicateEvent: () => onEvent('duplicate', { body: { startDate: inHours(200) } }),
  cancelEvent: () => onEvent('cancel', { body: { confirm: true } }),
  replaceCover: async () => onEvent('cover', { file: await picture() }),
  replaceLogo: async () => ({
    user: await registerUser({ role: 'organizer' }),
    path: '/api/users/me/logo',
    file: await picture(),
  }),
  createFile: async () => ({ user: await registerUser(), path: '/api/files', file: PDF }),
  sendEventMessage: () => onEvent('message', { body: { subject: 'Doors', body: 'They open at seven.' } }),
  defineSeats: async () => {
    const event = await anOpenEvent({ totalTickets: null });
    return { user: await theOrganizer(), path: `/api/events/${event.id}/seats`, body: { sections: STALLS } };
  },
  createTicketType: () => onEvent('ticket-types', { body: { name: 'Balcony', price: '40.00', quantity: 5 } }),
  createDiscount: async () => ({
    user: await registerUser({ role: 'organizer' }),
    path: '/api/discounts',
    body: { code: 'ONCE', type: 'percentage', value: 10 },
  }),
  createAddress: async () => ({ user: await registerUser(), path: '/api/addresses', body: ADDRESS }),
  createShippingOption: async () => ({
    user: await registerUser({ role: 'admin' }),
    path: '/api/admin/shipping-options',
    body: { name: 'Post', countries: ['AT'], price: '4.90' },
  }),
  createTaxRate: async () => ({
    user: await registerUser({ role: 'admin' }),
    path: '/api/admin/tax-rates',
    body: { country: 'LI', region: randomUUID(), rate: 8.1 },
  }),
  openSupportTicket: async () => ({ user: await registerUser(), path: '/api/support/tickets', body: QUESTION }),
  writeSupportMessage: () => onSupportTicket('messages', { body: { message: 'And the toilets?' } }),
  rateSupportTicket: () => onSupportTicket('rating', { body: { score: 4 } }),
  addSupportNote: async () =>
    onSupportTicket('notes', { user: await registerUser({ role: 'admin' }), body: { message: 'Ask the house.' } }),
  mergeSupportTicket: async () => {
    const customer = await registerUser();
    const { id: intoId } = await openSupportTicket(customer);
    const { id } = await openSupportTicket(customer);
    const user = await registerUser({ role: 'admin' });
    return { user, path: `/api/support/tickets/${id}/merge`, body: { intoId } };
  },
  createSupportReply: async () => ({
    user: await registerUser({ role: 'organizer' }),
    path: '/api/support/replies',
    body: { title: 'Once', body: 'Thank you.' },
  }),
  createCategory: async () => ({
    user: await registerUser({ role: 'admin' }),
    path: '/api/categories',
    body: { name: 'Once', slug: `once-${randomUUID()}` },
  }),
  createProduct: async () => ({
    user: await theOrganizer(),
    path: '/api/products',
    body: { name: 'Once', price: '5.00' },
  }),
  addProductImage: async () => onProduct('images', { file: await picture() }),
  moveStock: () => onProduct('stock', { body: { delta: 3, reason: 'Found in the cellar' } }),
  grantLicense: async () => ({
    user: await registerUser({ role: 'admin' }),
    path: '/api/admin/licenses',
    body: { userId: (await registerUser()).user.id, productId: await makeLicenseProduct() },
  }),
  orderCredits: async () => {
    await registerUser({ role: 'admin' });
    const [path, user] = ['/api/credits/purchase', await registerUser()];
    const body = { amount: '25.00', currency: 'EUR', paymentMethod: 'sandbox' };
    // The first order in a currency also makes the product that is sold.
    await as(user).post(path).send(body).expect(201);
    return { user, path, body };
  },
  grantCredits: async () => ({
    user: await registerUser({ role: 'admin' }),
    path: `/api/admin/users/${(await registerUser()).user.id}/credits`,
    body: { amount: '5.00', currency: 'EUR', reason: 'Once' },
  }),
  fulfillOrder: async () => {
    const { orderId, itemId } = await anUnsentOrder();
    return {
      user: await theOrganizer(),
      path: `/api/orders/${orderId}/fulfillments`,
      body: { items: [{ itemId, quantity: 1 }] },
    };
  },
  withdrawOrder: async () => {
    const { owner, orderId, itemId } = await anUnsentOrder();
    const body = { items: [{ itemId, quantity: 1 }], confirm: true };
    return { user: owner, path: `/api/orders/${orderId}/withdrawal`, body };
  },
  payOrder: async () => {
    const { owner, orderId } = await anUnpaidOrder();
    return { user: owner, path: `/api/orders/${orderId}/pay`, body: { paymentMethod: 'sandbox' } };
  },
  refundOrder: async () => {
    const { orderId } = await aPaidOrder();
    return { user: await theOrganizer(), path: `/api/orders/${orderId}/refund`, body: { amount: '5.00' } };
  },
  transferTicket: async () => {
    const { user, bookingId, ticket } = await aTicket();
    return { user, path: `/api/bookings/${bookingId}/tickets/${ticket.id}/transfer`, body: GRACE };
  },
  transferHeldTicket: async () => {
    const { user, ticket } = await aTicket();
    return { user, path: `/api/tickets/${ticket.id}/transfer`, body: GRACE };
  },
  checkIn: async () => {
    const { eventId, ticket } = await aTicket();
    return { user: await theOrganizer(), path: `/api/events/${eventId}/check-in`, body: { code: ticket.code } };
  },
  checkInScans: async () => {
    const { eventId, ticket } = await aTicket();
    const body = { gate: 'North', scans: [{ code: ticket.code, scannedAt: new Date().toISOString() }] };
    return { user: await theOrganizer(), path: `/api/events/${eventId}/check-in/scans`, body };
  },
};

/** Creates the rows that a request to this route needs, and returns the request. @throws Error if REQUESTS has none for it */
export function prepare({ id }: Route): Promise<Repeatable> {
  const make = REQUESTS[id];
  if (!make)
    throw new Error(`There is no request for ${id}. Add one that has an effect to tests/helpers/repeatable.ts.`);
  return make();
}

export function sending(client: Client, { path, body, file }: Repeatable, key: string): Test {
  const request = client.post(path).set('Idempotency-Key', key);
  return file ? request.attach('file', file, { filename: 'a file' }) : request.send(body);
}
