import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { database } from '../../../src/database';
import type { Route } from '../../../src/http/route';
import { getLicense, grantLicense } from '../../../src/services/licenses/manage-licenses';
import { changeAccess } from '../../../src/services/users/change-access';
import { getAccessTokenKey } from '../../../src/services/secrets.service';
import { registerUser, registerUsers, type TestUser } from '../accounts';
import { booked } from '../bookings';
import { as } from '../client';
import { makeEvent, type TestEvent } from '../events';
import { PDF, uploaded } from '../files';
import { activated, makeLicenseProduct } from '../licenses';
import { aDownload } from '../fulfillment';
import { intentOf, paid, type PricedBooking } from '../orders';
import { addToCart } from '../cart';
import { makeAddress, makeShippingOption, makeTaxRate } from '../store';
import { addImage, makeCategory, makeProduct } from '../products';
import { openSupportTicket } from '../support';

const SIGNED_IN = ['customer', 'otherCustomer', 'organizer', 'otherOrganizer', 'admin'] as const;
export const CALLERS = ['anonymous', ...SIGNED_IN, 'suspended', 'expired'] as const;
export type Caller = (typeof CALLERS)[number];

/** Users of every kind, and one resource of each kind that they could request. */
export interface World {
  users: Record<(typeof SIGNED_IN)[number], TestUser>;
  tokens: Record<Caller, string | undefined>;
  /** The organizer's event, fully booked by the customer. */
  event: TestEvent;
  draft: TestEvent;
  /** The organizer's event, sold out to the admin, with the customer on the waitlist. */
  full: TestEvent;
  bookingId: number;
  /** One of that booking's tickets. */
  ticketId: number;
  ticketCode: string;
  reference: string;
  discountId: number;
  /** The customer's orders for the organizer's events: one paid, one unpaid. */
  paidOrderId: number;
  paidBookingId: number;
  openOrderId: number;
  paymentIntentId: string;
  /** A file of the customer. */
  fileId: number;
  notificationId: number;
  /** Announcements of the organizer, one for the event and one for the draft. */
  eventMessageIds: { event: number; draft: number };
  parkedMessageId: number;
  /** A download that the customer has bought. */
  download: { id: number; itemId: number };
  /** An item in the customer’s cart. */
  cartItemId: number;
  /** An address of the customer. */
  addressId: number;
  shippingOptionId: number;
  taxRateId: number;
  /** Products of the organizer, each with an image. */
  productIds: { active: number; draft: number };
  productImageIds: { active: number; draft: number };
  categoryId: number;
  /** A license of the customer, and a device that it is in use on. */
  licenseId: number;
  activationId: number;
  /** A support ticket of the customer about the organizer's event. */
  supportTicketId: number;
  /** A canned reply of the organizer. */
  supportReplyId: number;
}

async function order(owner: TestUser, organizer: TestUser): Promise<number> {
  const event = await makeEvent(organizer, { basePrice: 20 });
  return ((await booked(owner, event.id)) as PricedBooking).order.id;
}

function expiredToken({ token }: TestUser): string {
  const claims = jwt.decode(token) as jwt.JwtPayload;
  return jwt.sign({ ...claims, exp: claims.iat! - 1 }, getAccessTokenKey());
}

async function suspendedUser(): Promise<TestUser> {
  const user = await registerUser({ role: 'admin' });
  await changeAccess(user.user.id, { status: 'suspended' });
  return user;
}

async function makeDiscount(user: TestUser): Promise<number> {
  const discount = { code: 'WORLD', type: 'percentage', value: 10 } as const;
  return (await as(user).call('POST /api/discounts', { body: discount })).data.id;
}

async function notify(userId: number): Promise<number> {
  const notice = {
    user_id: userId,
    kind: 'event.updated',
    title: 'News',
    body: 'The doors open earlier.',
    message_id: 0,
  };
  const [row] = (await database('notifications').insert(notice).returning('id')) as { id: number }[];
  return row!.id;
}

async function write(organizer: TestUser, eventId: number): Promise<number> {
  const announcement = { subject: 'Doors', body: 'They open at seven.' };
  const { data } = await as(organizer).call('POST /api/events/{id}/message', {
    path: { id: eventId },
    body: announcement,
  });
  return data.id;
}

async function park(bookingId: number): Promise<number> {
  const message = { topic: 'booking.reminder', payload: { bookingId }, status: 'parked', parked_at: database.fn.now() };
  const [row] = (await database('outbox_messages').insert(message).returning('id')) as { id: number }[];
  return row!.id;
}

async function bookingOfOrder(orderId: number): Promise<number> {
  const row = await database('orders').where({ id: orderId }).first<{ booking_id: number }>('booking_id');
  return row.booking_id;
}

async function makeUsers(): Promise<World['users']> {
  const [customers, organizers, admin] = await Promise.all([
    registerUsers(2),
    registerUsers(2, { role: 'organizer' }),
    registerUser({ role: 'admin' }),
  ]);
  const [customer, otherCustomer] = customers as [TestUser, TestUser];
  const [organizer, otherOrganizer] = organizers as [TestUser, TestUser];
  return { customer, otherCustomer, organizer, otherOrganizer, admin };
}

type Makers = { [Part in keyof World]: () => Promise<World[Part]> };

/** Returns the functions that create each part, together with the parts it needs. */
function createMakers(users: World['users']): Makers {
  const { customer, organizer, admin } = users;
  const bookedEvent = once(async () => {
    const event = await makeEvent(organizer, { totalTickets: 2 });
    return { event, booking: await booked(customer, event.id, 2) };
  });
  const license = once(async () => {
    const productId = await makeLicenseProduct({}, organizer);
    const { id } = await grantLicense(admin.actor, { userId: customer.user.id, productId });
    return getLicense(customer.actor, id);
  });
  const makers: Makers = {
    users: async () => users,
    tokens: async () => ({
      anonymous: undefined,
      customer: customer.token,
      otherCustomer: users.otherCustomer.token,
      organizer: organizer.token,
      otherOrganizer: users.otherOrganizer.token,
      admin: admin.token,
      suspended: (await suspendedUser()).token,
      expired: expiredToken(organizer),
    }),
    event: async () => (await bookedEvent()).event,
    draft: once(() => makeEvent(organizer, { status: 'draft', totalTickets: 2 })),
    full: async () => {
      const full = await makeEvent(organizer, { totalTickets: 1 });
      await booked(admin, full.id);
      await as(customer).call('POST /api/waitlist/join', { body: { eventId: full.id } });
      return full;
    },
    bookingId: async () => (await bookedEvent()).booking.id,
    ticketId: async () => (await bookedEvent()).booking.tickets[0]!.id,
    ticketCode: async () => (await bookedEvent()).booking.tickets[0]!.code,
    reference: async () => (await bookedEvent()).booking.reference,
    discountId: () => makeDiscount(organizer),
    paidOrderId: once(async () => {
      const orderId = await order(customer, organizer);
      await paid({ owner: customer, orderId });
      return orderId;
    }),
    paidBookingId: async () => bookingOfOrder(await makers.paidOrderId()),
    openOrderId: once(() => order(customer, organizer)),
    paymentIntentId: async () => (await intentOf(customer, await makers.openOrderId())).paymentIntentId,
    fileId: async () => (await uploaded(customer, PDF)).id,
    notificationId: () => notify(customer.user.id),
    eventMessageIds: async () => ({
      event: await write(organizer, (await makers.event()).id),
      draft: await write(organizer, (await makers.draft()).id),
    }),
    download: once(async () => {
      const { orderId, itemId } = await aDownload(customer);
      return { id: orderId, itemId };
    }),
    cartItemId: async () =>
      (await addToCart(customer, { ticketTypeId: (await makers.event()).ticketTypes[0]!.id })).items[0]!.id,
    addressId: async () => (await makeAddress(customer)).id,
    shippingOptionId: async () => (await makeShippingOption({}, admin)).id,
    taxRateId: async () => (await makeTaxRate({ country: 'LI', region: randomUUID(), rate: 8 }, admin)).id,
    licenseId: async () => (await license()).id,
    activationId: async () => (await activated((await license()).key!, 'of the world')).activation.id,
    parkedMessageId: async () => park((await bookedEvent()).booking.id),
    productIds: once(async () => ({
      active: (await makeProduct(organizer)).id,
      draft: (await makeProduct(organizer, { status: 'draft' })).id,
    })),
    productImageIds: async () => {
      const { active, draft } = await makers.productIds();
      return { active: (await addImage(organizer, active)).id, draft: (await addImage(organizer, draft)).id };
    },
    categoryId: async () => (await makeCategory(admin)).id,
    supportTicketId: async () => (await openSupportTicket(customer, { eventId: (await makers.event()).id })).id,
    supportReplyId: async () => {
      const { body } = await as(organizer)
        .post('/api/support/replies')
        .send({ title: 'Thanks', body: 'Thank you.' })
        .expect(201);
      return (body as { data: { id: number } }).data.id;
    },
  };
  return makers;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

class MissingPart extends Error {
  constructor(readonly part: keyof World) {
    super(`This world was made without ${part}.`);
  }
}

/** Creates only the parts that `read` reads, because each takes as long as several requests. Without `read`, creates all. */
export async function makeWorld(read?: (world: World) => unknown): Promise<World> {
  const makers = createMakers(await makeUsers());
  const parts: Partial<World> = { users: await makers.users(), tokens: await makers.tokens() };
  const world = new Proxy(parts as World, {
    get(target, part: keyof World) {
      if (part in makers && !(part in target)) throw new MissingPart(part);
      return target[part];
    },
  });
  const add = async <Part extends keyof World>(part: Part): Promise<void> => void (parts[part] = await makers[part]());
  if (!read) for (const part of Object.keys(makers) as (keyof World)[]) if (!(part in parts)) await add(part);
  for (;;) {
    try {
      read?.(world);
      return world;
    } catch (error) {
      if (!(error instanceof MissingPart)) throw error;
      await add(error.part);
    }
  }
}

/** Creates worlds for tests of all routes. GET routes share one, because creating one takes as long as a hundred requests. */
export function createWorlds(): { get(route: Route, read?: (world: World) => unknown): Promise<World> } {
  const worlds = new Map<Route | 'read', Promise<World>>();
  return {
    get(route, read) {
      const key = route.method === 'get' ? 'read' : route;
      const world = worlds.get(key) ?? makeWorld(route.method === 'get' ? undefined : read);
      worlds.set(key, world);
      return world;
    },
  };
}
