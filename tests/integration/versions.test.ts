import type { Response } from 'supertest';
import { config } from '../../src/config';
import type { Route } from '../../src/http/route';
import { logger } from '../../src/logger';
import { routes } from '../../src/routes';
import { registerUser, type TestUser } from '../helpers/accounts';
import { anonymous, as } from '../helpers/client';
import { inHours } from '../helpers/events';
import { fill, targetsOf } from '../helpers/routes/targets';
import { eventually } from '../helpers/servers/processes';

const ORIGIN = 'http://localhost:3000';
// These differ from one request to the next.
const CHANGING = new Set(['date', 'x-request-id', 'ratelimit', 'content-length', 'etag', 'keep-alive', 'connection']);

let admin: TestUser;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
});

/** Sends a request that changes nothing: nothing is found, and no body has this field. */
function send(route: Route, path: string, token?: string): Promise<Response> {
  const client = token === undefined ? anonymous : as(token);
  const sent = client[route.method](path).set('Origin', ORIGIN).set('X-Request-Id', 'the-same');
  return Promise.resolve(route.method === 'get' ? sent : sent.send({ nothingHasThisField: true }));
}

function comparable({ status, headers, body, text }: Response): unknown {
  const kept = Object.entries(headers as Record<string, string>).filter(([name]) => !CHANGING.has(name));
  const isJson = String(headers['content-type']).includes('json');
  return { status, headers: Object.fromEntries(kept), body: isJson ? hideTimes(body) : text.length > 0 };
}

/** Figures of a process that change by themselves. */
const hideTimes = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body), (key, value: unknown) =>
    value === null || typeof value === 'number' || /At$/.test(key) ? 0 : value,
  );

describe('/api/v1', () => {
  it.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    'answers %s like /api',
    async (_place, route) => {
      const [target] = targetsOf(route);
      const path = fill(route.path, target?.missing ?? {});
      for (const token of [undefined, admin.token]) {
        const plain = await send(route, path, token);
        const versioned = await send(route, path.replace('/api', '/api/v1'), token);
        expect(comparable(versioned)).toEqual(comparable(plain));
        expect(versioned.headers['access-control-allow-origin']).toBe(ORIGIN);
      }
    },
  );

  it('answers what is not there, and other methods like /api', async () => {
    const both = (make: (base: string) => Promise<Response>) => Promise.all(['/api', '/api/v1'].map(make));
    for (const answers of [
      await both((base) => anonymous.get(`${base}/nothing`).set('X-Request-Id', 'the-same')),
      await both((base) => anonymous.get(`${base}?x=1`).set('X-Request-Id', 'the-same')),
      await both((base) => anonymous.post(`${base}/categories/1`).set('X-Request-Id', 'the-same')),
    ])
      expect(comparable(answers[1]!)).toEqual(comparable(answers[0]!));
    await anonymous.get('/api/v1').expect(302).expect('Location', '/api/docs');
    for (const path of ['/api/v2/events', '/api/v10/events', '/api/v1events', '/api/v1/v1/events'])
      await anonymous.get(path).expect(404);
  });

  it('shares idempotency keys with /api', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const body = { title: 'Once', startDate: inHours(100) };
    const create = (base: string) =>
      as(organizer).post(`${base}/events`).set('Idempotency-Key', 'across versions').send(body);
    const first = await create('/api');
    const again = await create('/api/v1');
    expect([again.status, again.headers['idempotent-replayed'], again.body]).toEqual([201, 'true', first.body]);
  });

  it('is logged as it was sent, without tokens of links', async () => {
    const logged = jest.spyOn(logger, 'info');
    await anonymous.get('/api/v1/events?search=secret').expect(200);
    await anonymous.get('/api/v1/unsubscribe/messages.u1.AAAAAAAAAAAAAAAAAAAAAAAA');
    const paths = () => logged.mock.calls.map(([fields]) => (fields as { path?: string }).path);
    await eventually(() => paths().length >= 2);
    expect(paths()).toEqual(['/api/v1/events', '/api/unsubscribe/:token']);
    logged.mockRestore();
  });
});

describe('GET /api/config', () => {
  it('says what a front end has to know, from a cache', async () => {
    const answer = await anonymous.get('/api/config').expect(200);
    const { data } = answer.body as { data: Record<string, unknown> };
    expect(data).toMatchObject({
      name: 'Bilten',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      currencies: expect.arrayContaining(['EUR', 'JPY', 'KWD', 'USD']),
      paymentMethods: expect.arrayContaining(['sandbox', 'credits']),
      stripePublishableKey: null,
      support: { email: null, phone: null, whatsapp: null },
      limits: { ticketsPerBooking: 10, cartLines: 100, addresses: 20, uploadBytes: 10_485_760, holdMinutes: 15 },
      features: { liveUpdates: true, sandboxPayments: true },
    });
    expect(answer.headers['cache-control']).toBe('public, max-age=1');
    const etag = answer.headers.etag as string;
    await anonymous.get('/api/config').set('If-None-Match', etag).expect(304);
  });

  it('shows the settings of the store, and no secret', async () => {
    const shown = { supportEmail: 'help@example.com', supportPhone: '+43 1 234567', supportWhatsapp: '+436601234567' };
    const secrets = { stripePublishableKey: 'pk_live_1', stripeSecretKey: 'sk_live_1' };
    const original = { ...config };
    Object.assign(config, shown, secrets);
    try {
      const answer = await as(admin).get('/api/config?changed');
      expect((answer.body as { data: object }).data).toMatchObject({
        stripePublishableKey: 'pk_live_1',
        support: { email: shown.supportEmail, phone: shown.supportPhone, whatsapp: shown.supportWhatsapp },
      });
      for (const secret of [secrets.stripeSecretKey, config.jwtSecret!]) expect(answer.text).not.toContain(secret);
    } finally {
      Object.assign(config, original, { supportEmail: undefined, supportPhone: undefined, supportWhatsapp: undefined });
      Object.assign(config, {
        stripePublishableKey: original.stripePublishableKey,
        stripeSecretKey: original.stripeSecretKey,
      });
    }
  });
});
