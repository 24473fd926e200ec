import jwt from 'jsonwebtoken';
import { database } from '../../src/database';
import type { Route } from '../../src/http/route';
import { createBookingLinkToken } from '../../src/services/booking-links.tokens.service';
import { getUnsubscribeUrl } from '../../src/services/unsubscribe.links.service';
import { changeAccess } from '../../src/services/users.access.service';
import { getAccessTokenKey } from '../../src/services/secrets.service';
import { registerUser, type TestUser } from './accounts';
import { as } from './client';
import { makeEvent, type TestEvent } from './events';
import { PDF, uploaded } from './files';
import { intentOf, paid, type PricedBooking } from './orders';

const SIGNED_IN = ['customer', 'otherCustomer', 'organizer', 'otherOrganizer', 'admin'] as const;
export const CALLERS = ['anonymous', ...SIGNED_IN, 'suspended', 'expired'] as const;
export type Caller = (typeof CALLERS)[number];

/** People of every kind, and something real of each kind that they could ask for. */
export interface World {
  users: Record<(typeof SIGNED_IN)[number], TestUser>;
  tokens: Record<Caller, string | undefined>;
  /** The organizer's: with the customer's booking of all tickets. */
  event: TestEvent;
  draft: TestEvent;
  /** The organizer's too: sold to the admin, the customer stands in line. */
  full: TestEvent;
  bookingId: number;
  /** One of that booking's tickets. */
  ticketId: number;
  ticketCode: string;
  reference: string;
  discountId: number;
  /** The customer's, of events of the organizer's: one paid, one that waits for it. */
  paidOrderId: number;
  paidBookingId: number;
  openOrderId: number;
  paymentIntentId: string;
  /** The customer's. */
  fileId: number;
  notificationId: number;
  /** The organizer's, to those who come to the event; and to those who would come to the draft. */
  eventMessageIds: { event: number; draft: number };
  parkedMessageId: number;
}

interface Booked {
  id: number;
  reference: string;
  tickets: { id: number; code: string }[];
}

async function book(user: TestUser, eventId: number, ticketsCount: number): Promise<Booked> {
  const { body } = await as(user).post('/api/bookings').send({ eventId, ticketsCount }).expect(201);
  return (body as { data: Booked }).data;
}

async function order(owner: TestUser, organizer: TestUser): Promise<number> {
  const event = await makeEvent(organizer, { basePrice: 20 });
  return ((await book(owner, event.id, 1)) as PricedBooking).order.id;
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
  const { body } = await as(user)
    .post('/api/discounts')
    .send({ code: 'WORLD', type: 'percentage', value: 10 })
    .expect(201);
  return (body as { data: { id: number } }).data.id;
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
  const { body } = await as(organizer)
    .post(`/api/events/${eventId}/message`)
    .send({ subject: 'Doors', body: 'They open at seven.' })
    .expect(202);
  return (body as { data: { id: number } }).data.id;
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

export async function makeWorld(): Promise<World> {
  const users = {
    customer: await registerUser(),
    otherCustomer: await registerUser(),
    organizer: await registerUser({ role: 'organizer' }),
    otherOrganizer: await registerUser({ role: 'organizer' }),
    admin: await registerUser({ role: 'admin' }),
  };
  const event = await makeEvent(users.organizer, { totalTickets: 2 });
  const draft = await makeEvent(users.organizer, { status: 'draft', totalTickets: 2 });
  const full = await makeEvent(users.organizer, { totalTickets: 1 });
  const booking = await book(users.customer, event.id, 2);
  await book(users.admin, full.id, 1);
  await as(users.customer).post('/api/waitlist/join').send({ eventId: full.id }).expect(201);
  const paidOrderId = await order(users.customer, users.organizer);
  await paid({ owner: users.customer, orderId: paidOrderId });
  const openOrderId = await order(users.customer, users.organizer);
  return {
    users,
    tokens: {
      anonymous: undefined,
      customer: users.customer.token,
      otherCustomer: users.otherCustomer.token,
      organizer: users.organizer.token,
      otherOrganizer: users.otherOrganizer.token,
      admin: users.admin.token,
      suspended: (await suspendedUser()).token,
      expired: expiredToken(users.organizer),
    },
    event,
    draft,
    full,
    bookingId: booking.id,
    ticketId: booking.tickets[0]!.id,
    ticketCode: booking.tickets[0]!.code,
    reference: booking.reference,
    discountId: await makeDiscount(users.organizer),
    paidOrderId,
    paidBookingId: await bookingOfOrder(paidOrderId),
    openOrderId,
    paymentIntentId: (await intentOf(users.customer, openOrderId)).paymentIntentId,
    fileId: (await uploaded(users.customer, PDF)).id,
    notificationId: await notify(users.customer.user.id),
    eventMessageIds: { event: await write(users.organizer, event.id), draft: await write(users.organizer, draft.id) },
    parkedMessageId: await park(booking.id),
  };
}

/** Worlds for tests of all routes: those that only read share one, since making one takes as long as a hundred requests. */
export function createWorlds(): { get(route: Route): Promise<World> } {
  const worlds = new Map<Route | 'read', Promise<World>>();
  return {
    get(route) {
      const key = route.method === 'get' ? 'read' : route;
      const world = worlds.get(key) ?? makeWorld();
      worlds.set(key, world);
      return world;
    },
  };
}

const MISSING = 2_000_000_000;

/** Something that a path can name, and who may have it. */
export interface Target {
  name: string;
  params(world: World): Record<string, string | number>;
  missing: Record<string, string | number>;
  /** The others, if their role would do, get `refusal`. */
  may: readonly Caller[];
  refusal: 'FORBIDDEN' | 'NOT_FOUND';
}

const ofEvent = (which: 'event' | 'draft', may: readonly Caller[], refusal: Target['refusal']): Target => ({
  name: which === 'draft' ? 'a draft' : 'a published event',
  params: (world) => ({
    id: world[which].id,
    ticketTypeId: world[which].ticketTypes[0]!.id,
    messageId: world.eventMessageIds[which],
  }),
  missing: { id: MISSING, ticketTypeId: MISSING, messageId: MISSING },
  may,
  refusal,
});

const owned = (
  name: string,
  params: Target['params'],
  missing: Target['missing'],
  more: readonly Caller[] = [],
): Target => ({
  name,
  params,
  missing,
  may: ['customer', ...more],
  refusal: 'NOT_FOUND',
});

const anybodys = (name: string, params: Target['params'], missing: Target['missing']): Target => ({
  name,
  params,
  missing,
  may: CALLERS,
  refusal: 'NOT_FOUND',
});

const MANAGERS = ['organizer', 'admin'] as const;

const TARGETS: [path: RegExp, targets: (route: Route) => Target[]][] = [
  [
    /^\/events\/:id/,
    ({ access }) => [
      ofEvent('event', access === 'public' ? CALLERS : MANAGERS, 'FORBIDDEN'),
      ofEvent('draft', MANAGERS, 'NOT_FOUND'),
    ],
  ],
  [
    /^\/bookings\/:id\/tickets\//,
    () => [
      owned('a ticket', ({ bookingId, ticketId }) => ({ id: bookingId, ticketId }), { id: MISSING, ticketId: MISSING }),
    ],
  ],
  [
    /^\/bookings\/:id\/(tickets\.pdf|calendar\.ics)/,
    () => [owned('a booking of one’s own', (world) => ({ id: world.bookingId }), { id: MISSING })],
  ],
  [/^\/tickets\/:id/, () => [owned('a ticket that one holds', ({ ticketId }) => ({ id: ticketId }), { id: MISSING })]],
  [/^\/bookings\/:id/, () => [owned('a booking', (world) => ({ id: world.bookingId }), { id: MISSING }, MANAGERS)]],
  [
    /^\/bookings\/reference/,
    () => [owned('a booking', (world) => ({ reference: world.reference }), { reference: '3333333333' }, MANAGERS)],
  ],
  [
    /^\/orders\/:id\/(pay|billing-address)/,
    () => [owned('an order to be paid', (world) => ({ id: world.openOrderId }), { id: MISSING })],
  ],
  [
    /^\/orders\/:id/,
    ({ access }) => [
      {
        ...owned('a paid order', (world) => ({ id: world.paidOrderId }), { id: MISSING }, MANAGERS),
        ...(access === 'organizer' ? { may: MANAGERS } : {}),
      },
    ],
  ],
  [/^\/payments\/webhooks/, () => [anybodys('a provider', () => ({ provider: 'sandbox' }), { provider: 'stripe' })]],
  [
    /^\/payments\/sandbox/,
    () => [
      anybodys('an intent', (world) => ({ paymentIntentId: world.paymentIntentId, outcome: 'succeed' }), {
        paymentIntentId: 'sbx_missing',
        outcome: 'succeed',
      }),
    ],
  ],
  [
    /^\/waitlist\/:eventId/,
    () => [owned('a place in line', (world) => ({ eventId: world.full.id }), { eventId: MISSING })],
  ],
  [
    /^\/auth\/sessions\/:id/,
    () => [owned('a session', (world) => ({ id: world.users.customer.actor.sessionId }), { id: MISSING })],
  ],
  [
    /^\/discounts\/:id/,
    () => [
      {
        name: 'a discount',
        params: (world) => ({ id: world.discountId }),
        missing: { id: MISSING },
        may: MANAGERS,
        refusal: 'NOT_FOUND',
      },
    ],
  ],
  [/^\/files\/:id/, () => [owned('a file', (world) => ({ id: world.fileId }), { id: MISSING }, ['admin'])]],
  [
    /^\/notifications\/:id/,
    () => [owned('a notification', (world) => ({ id: world.notificationId }), { id: MISSING })],
  ],
  [
    /^\/booking-links\/:token/,
    () => [
      anybodys(
        'a booking by its link',
        ({ users, paidBookingId }) => ({
          token: createBookingLinkToken({ bookingId: paidBookingId, userId: users.customer.user.id }),
        }),
        { token: '1.1.AAAAAAAAAAAAAAAAAAAAAAAA' },
      ),
    ],
  ],
  [
    /^\/unsubscribe\/:token/,
    () => [
      anybodys(
        'a subscription',
        ({ users }) => ({
          token: getUnsubscribeUrl({ userId: users.customer.user.id, kind: 'messages' }).split('/').at(-1)!,
        }),
        { token: 'messages.u1.AAAAAAAAAAAAAAAAAAAAAAAA' },
      ),
    ],
  ],
  [
    /^\/admin\/users\/:id/,
    () => [
      {
        name: 'an account',
        params: (world) => ({ id: world.users.otherCustomer.user.id }),
        missing: { id: MISSING },
        may: ['admin'],
        refusal: 'FORBIDDEN',
      },
    ],
  ],
  [
    /^\/admin\/messages\/:id/,
    () => [
      {
        name: 'a parked message',
        params: (world) => ({ id: world.parkedMessageId }),
        missing: { id: MISSING },
        may: ['admin'],
        refusal: 'FORBIDDEN',
      },
    ],
  ],
];

/** What a route's path can name. @throws Error where nobody has said that yet */
export function targetsOf(route: Route): Target[] {
  if (!route.path.includes(':')) return [];
  const found = TARGETS.find(([path]) => path.test(route.path));
  if (!found) throw new Error(`What does ${route.path} name, and who may have it? Say so in tests/helpers/world.ts.`);
  return found[1](route);
}

/** A path below /api with its parameters in place. */
export function fill(path: string, params: Record<string, string | number>): string {
  return `/api${path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))}`;
}
