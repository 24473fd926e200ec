import request, { type Response } from 'supertest';
import { toDocumentedPath, openapi } from '../../src/http/openapi';
import type { Route } from '../../src/http/route';
import { showDemoCovers } from '../../src/launch/demo-covers';
import { giveLicensesToCustomer } from '../../src/launch/demo-licenses';
import { fillDemoShelves } from '../../src/launch/demo-products';
import { migrate, seed } from '../../src/migrate';
import { routes } from '../../src/routes';
import { registerUser } from '../helpers/accounts';
import { testApp } from '../helpers/client';

const document = openapi(routes);
const DEMO = ['organizer@bilten.example', 'customer@bilten.example'];
// These need a token or code from a mail or a response, an id from a response, a ticket that the previous example has not
// transferred, goods that were bought, or an account without upcoming bookings.
const NEED_A_TOKEN = [
  'verifyEmail',
  'resetPassword',
  'refreshSession',
  'getLinkedBooking',
  'getLinkedTickets',
  'getLinkedCalendar',
  'getLinkedInvoice',
  'showUnsubscribe',
  'unsubscribe',
  'mergeCart',
  'fulfillOrder',
  'getWithdrawal',
  'withdrawOrder',
  'startDownload',
  'openDownload',
  'getEventMessage',
  'transferHeldTicket',
  'eraseAccount',
];

// The order of the examples: reads first, the password change last.
const RANK = { get: 0, post: 1, put: 2, delete: 3 };
const RANK_OF: Record<string, number> = { defineSeats: 0.9, getWaitlistEntry: 1.5, checkout: 2.5, changePassword: 9 };
const rankOf = ({ method, id }: Route): number => RANK_OF[id] ?? RANK[method];

const tried = routes
  .filter(
    ({ method, body, path, id, access }) =>
      (method === 'get' || body) &&
      access !== 'admin' &&
      !path.startsWith('/notifications/') &&
      !NEED_A_TOKEN.includes(id),
  )
  .sort((a, b) => rankOf(a) - rankOf(b))
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

/** Returns the path with the suggested values, the names from the demo data, or 1. */
function examplePath(route: Route): string {
  const { parameters } = document.paths[toDocumentedPath(route)]![route.method]!;
  return toDocumentedPath(route).replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const parameter = parameters.find((each) => 'name' in each && each.name === name) as {
      example?: unknown;
      description?: string;
    };
    const named = /In the demo data: `(\w+)`/.exec(parameter.description ?? '')?.[1];
    return String(parameter.example ?? named ?? 1);
  });
}

/** Operations whose examples must work for the organizer, the account of the login example. */
const BY_THE_ORGANIZER = [
  'createBooking',
  'createEvent',
  'payOrder',
  'refundOrder',
  'transferTicket',
  'createDiscount',
  'cancelEvent',
];

describe('the documented examples, sent to a program with demo data', () => {
  let tokens: string[];
  beforeAll(async () => {
    await migrate(process.env.DATABASE_OWNER_URL!);
    expect(await seed(process.env.DATABASE_OWNER_URL!)).toBe(true);
    await showDemoCovers();
    await fillDemoShelves();
    await giveLicensesToCustomer();
    const signIn = (email: string) =>
      request(testApp()).post('/api/auth/login').send({ email, password: 'demo-tickets' }).expect(200);
    const signedIn = await Promise.all(DEMO.map(signIn));
    const admin = await registerUser({ role: 'admin' });
    tokens = [...signedIn.map(({ body }) => (body as { data: { token: string } }).data.token), admin.token];
  });

  it.each(tried)('work for the organizer, the customer or an admin: %s', async (_place, route) => {
    const answers: Response[] = [];
    for (const token of BY_THE_ORGANIZER.includes(route.id) ? tokens.slice(0, 1) : tokens) {
      const sent = request(testApp())[route.method](examplePath(route)).set('Authorization', `Bearer ${token}`);
      const answer = await (route.body ? sent.send(route.example as object) : sent);
      for (const more of Object.values(route.moreExamples ?? {})) {
        const another = request(testApp())[route.method](examplePath(route)).set('Authorization', `Bearer ${token}`);
        await another.send(more as object).expect(route.status);
      }
      answers.push(answer);
      if ([route.status, route.otherwise?.status].includes(answer.status)) return;
    }
    expect(answers.map(({ status, body }) => [status, body])).toEqual([[route.status, expect.anything()]]);
  });
});
