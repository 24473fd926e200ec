import type { Route } from '../../../src/http/route';
import { createBookingLinkToken } from '../../../src/services/booking-links/link-tokens';
import { createDownloadToken } from '../../../src/services/orders/download-item';
import { getUnsubscribeUrl } from '../../../src/services/unsubscribe/unsubscribe-links';
import { CALLERS, type Caller, type World } from './world';

const MISSING = 2_000_000_000;

/** A resource that a path can name, and the callers who may access it. */
export interface Target {
  name: string;
  params(world: World): Record<string, string | number>;
  missing: Record<string, string | number>;
  /** Callers whose role suits the route. All other callers with such a role get `refusal`. */
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

const ofProduct = (which: 'active' | 'draft', may: readonly Caller[], refusal: Target['refusal']): Target => ({
  name: which === 'draft' ? 'a draft of a product' : 'a product',
  params: ({ productIds, productImageIds }) => ({ id: productIds[which], imageId: productImageIds[which] }),
  missing: { id: MISSING, imageId: MISSING },
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

const ofAdmins = (name: string, params: Target['params']): Target => ({
  name,
  params,
  missing: { id: MISSING },
  may: ['admin'],
  refusal: 'FORBIDDEN',
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
    () => [owned('one of the caller’s bookings', (world) => ({ id: world.bookingId }), { id: MISSING })],
  ],
  [/^\/tickets\/:id/, () => [owned('a ticket of its holder', ({ ticketId }) => ({ id: ticketId }), { id: MISSING })]],
  [/^\/bookings\/:id/, () => [owned('a booking', (world) => ({ id: world.bookingId }), { id: MISSING }, MANAGERS)]],
  [
    /^\/bookings\/reference/,
    () => [owned('a booking', (world) => ({ reference: world.reference }), { reference: '3333333333' }, MANAGERS)],
  ],
  [
    /^\/orders\/:id\/(pay|billing-address)/,
    () => [owned('an unpaid order', (world) => ({ id: world.openOrderId }), { id: MISSING })],
  ],
  [
    /^\/orders\/:id\/withdrawal/,
    ({ method }) => [
      owned(
        'a paid order of the customer',
        (world) => ({ id: world.paidOrderId }),
        { id: MISSING },
        method === 'get' ? MANAGERS : [],
      ),
    ],
  ],
  [
    /^\/orders\/:id\/items\/:itemId\/download/,
    () => [owned('a download', (world) => world.download, { id: MISSING, itemId: 1 })],
  ],
  [
    /^\/downloads\/:token/,
    () => [
      anybodys(
        'the link to a download',
        ({ download: { id: orderId, itemId } }) => ({
          token: createDownloadToken({ orderId, itemId }, Math.floor(Date.now() / 1000) + 900),
        }),
        { token: '1.1.1893456000.AAAAAAAAAAAAAAAAAAAAAAAA' },
      ),
    ],
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
    () => [owned('a waitlist entry', (world) => ({ eventId: world.full.id }), { eventId: MISSING })],
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
  [/^\/cart\/items\/:id/, () => [owned('an item of the cart', (world) => ({ id: world.cartItemId }), { id: MISSING })]],
  [/^\/addresses\/:id/, () => [owned('an address', (world) => ({ id: world.addressId }), { id: MISSING })]],
  [
    /^\/admin\/shipping-options\/:id/,
    () => [ofAdmins('a shipping option', (world) => ({ id: world.shippingOptionId }))],
  ],
  [/^\/licenses\/:id/, () => [owned('a license', (world) => ({ id: world.licenseId }), { id: MISSING })]],
  [/^\/activations\/:id/, () => [owned('an activation', (world) => ({ id: world.activationId }), { id: MISSING })]],
  [/^\/admin\/licenses\/:id/, () => [ofAdmins('a license', (world) => ({ id: world.licenseId }))]],
  [/^\/admin\/tax-rates\/:id/, () => [ofAdmins('a tax rate', (world) => ({ id: world.taxRateId }))]],
  [
    /^\/products\/:id/,
    ({ access }) => [
      ofProduct('active', access === 'public' ? CALLERS : MANAGERS, 'FORBIDDEN'),
      ofProduct('draft', MANAGERS, 'NOT_FOUND'),
    ],
  ],
  [
    /^\/support\/tickets\/:id/,
    ({ access, path }) => [
      {
        ...owned('a support ticket', (world) => ({ id: world.supportTicketId }), { id: MISSING }, MANAGERS),
        ...(access === 'organizer' && { may: MANAGERS }),
        ...(path.endsWith('/rating') && { may: ['customer'] }),
      },
    ],
  ],
  [
    /^\/support\/replies\/:id/,
    () => [
      {
        name: 'a canned reply',
        params: (world) => ({ id: world.supportReplyId }),
        missing: { id: MISSING },
        may: MANAGERS,
        refusal: 'NOT_FOUND',
      },
    ],
  ],
  [
    /^\/categories\/:id/,
    ({ access }) => [
      {
        name: 'a category',
        params: (world) => ({ id: world.categoryId }),
        missing: { id: MISSING },
        may: access === 'public' ? CALLERS : ['admin'],
        refusal: 'FORBIDDEN',
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
  [/^\/admin\/users\/:id/, () => [ofAdmins('an account', (world) => ({ id: world.users.otherCustomer.user.id }))]],
  [/^\/admin\/messages\/:id/, () => [ofAdmins('a parked message', (world) => ({ id: world.parkedMessageId }))]],
];

/** Returns the resources that a route's path can name. @throws Error if TARGETS has none for it */
export function targetsOf(route: Route): Target[] {
  if (!route.path.includes(':')) return [];
  const found = TARGETS.find(([path]) => path.test(route.path));
  if (!found)
    throw new Error(
      `There are no targets for ${route.path}. Add what it names, and who may access it, to tests/helpers/targets.ts.`,
    );
  return found[1](route);
}

/** Returns the path below /api with its parameters filled in. */
export function fill(path: string, params: Record<string, string | number>): string {
  return `/api${path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name]!))}`;
}
