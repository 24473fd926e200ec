import { randomUUID } from 'node:crypto';
import request, { type Response } from 'supertest';
import { database } from '../../../src/database';
import { routes } from '../../../src/routes';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, testApp } from '../../helpers/client';
import { routeOf } from '../../helpers/contract';
import { inHours, makeEvent, type TestEvent } from '../../helpers/events';

const FRONTEND = 'http://localhost:3000';

let organizer: TestUser;
let customer: TestUser;
let event: TestEvent;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  customer = await registerUser();
  event = await makeEvent(organizer, { description: 'x'.repeat(3000) });
});

/** Asserts that a response is an error in the documented form, with nothing else. */
function expectFailure({ status, body, headers, type }: Response, expectedStatus: number, code: string): void {
  expect({ status, type, body }).toEqual({
    status: expectedStatus,
    type: 'application/json',
    body: { success: false, error: expect.objectContaining({ code, requestId: headers['x-request-id'] }) },
  });
  expect(Object.keys((body as { error: object }).error)).toEqual(
    expect.arrayContaining(['code', 'message', 'requestId']),
  );
}

function expectHelmet({ headers }: Response): void {
  expect(headers).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src '(self|none)'/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.any(String),
    'x-request-id': expect.any(String),
  });
  expect(headers).not.toHaveProperty('x-powered-by');
}

describe('a path that does not exist', () => {
  it.each([
    '/nothing',
    '/api/nothing',
    '/api/events/1/nothing',
    '/api/docs/nothing',
    '/api/docs/package.json',
    '/..%2f..%2fetc/passwd',
    '/%00',
    '/%',
    '/api/%E0%A4%A',
  ])('returns 404 for every method: %s', async (path) => {
    for (const method of ['get', 'post', 'put', 'delete', 'patch'] as const) {
      const answer = await request(testApp())[method](path);
      expectFailure(answer, 404, 'NOT_FOUND');
      expectHelmet(answer);
    }
  });
});

describe('the root of the API', () => {
  it.each(['/api', '/api/'])('redirects to the documentation: %s', async (path) => {
    for (const method of ['get', 'head'] as const) {
      const { headers } = await request(testApp())[method](path).expect(302);
      expect(headers.location).toBe('/api/docs');
    }
    expectFailure(await request(testApp()).post(path), 405, 'METHOD_NOT_ALLOWED');
  });
});

describe('a method that a path does not accept', () => {
  it.each([...new Set(routes.map(({ path }) => path))])(
    'returns 405 with the allowed methods: %s',
    async (template) => {
      const methods = routes.filter(({ path }) => path === template).map(({ method }) => method.toUpperCase());
      const allowed = [...(methods.includes('GET') ? ['HEAD'] : []), ...methods, 'OPTIONS'].sort();
      for (const method of ['get', 'post', 'put', 'delete', 'patch'] as const) {
        const path = `/api${template.replaceAll(/:\w+/g, '1')}`;
        // Another route may accept it: DELETE /waitlist/join matches /waitlist/:eventId.
        if (routeOf(method, path)) continue;
        const answer = await request(testApp())[method](path);
        expectFailure(answer, 405, 'METHOD_NOT_ALLOWED');
        expect(answer.headers.allow!.split(', ').sort()).toEqual(allowed);
      }
    },
  );
});

describe('HEAD', () => {
  it.each(['/api/events', '/api/openapi.json', '/api/docs/'])(
    'returns the same as GET, without a body: %s',
    async (path) => {
      const get = await request(testApp()).get(path).set('Accept-Encoding', 'identity').expect(200);
      const head = await request(testApp()).head(path).set('Accept-Encoding', 'identity').expect(200);
      expect(head.text ?? '').toBe('');
      expect(head.headers['content-type']).toBe(get.headers['content-type']);
      expect(head.headers['content-length']).toBe(get.headers['content-length']);
    },
  );
});

describe('helmet', () => {
  it.each<[string, () => PromiseLike<Response>]>([
    ['200', () => anonymous.get('/api/events')],
    [
      '201',
      () =>
        as(organizer)
          .post('/api/events')
          .send({ title: 'A', startDate: inHours(100) }),
    ],
    ['204', async () => as(await registerUser()).post('/api/auth/logout')],
    ['400', () => anonymous.get('/api/events/x')],
    ['400 for malformed JSON', () => anonymous.post('/api/auth/login').type('json').send('{')],
    ['401', () => anonymous.get('/api/bookings')],
    ['403', () => as(customer).post('/api/events').send({})],
    ['404', () => anonymous.get('/api/events/2000000000')],
    ['405', () => anonymous.delete('/api/events')],
    ['413', () => anonymous.post('/api/auth/login').send({ email: 'x'.repeat(1_100_000) })],
    ['415', () => anonymous.post('/api/auth/login').type('xml').send('<a/>')],
    ['a download', () => anonymous.get(`/api/events/${event.id}/calendar.ics`)],
    ['a CORS preflight', () => request(testApp()).options('/api/events').set('Origin', FRONTEND)],
  ])('sets its headers on every response: %s', async (what, ask) => {
    const answer = await ask();
    expect(`${answer.status}`).toBe(/^\d+/.exec(what)?.[0] ?? `${answer.status}`);
    expectHelmet(answer);
  });

  it('lets Swagger UI run only its own scripts, and no inline ones', async () => {
    const { headers, text } = await request(testApp()).get('/api/docs/').expect(200);
    const policy = headers['content-security-policy']!;
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|https?:/);
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|\son\w+=/);
    for (const [, source] of text.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      await request(testApp()).get(`/api/docs/${source}`).expect(200);
  });
});

describe('CORS', () => {
  it('lets the front end read responses and their headers', async () => {
    const { headers } = await anonymous.get('/api/events').set('Origin', FRONTEND).expect(200);
    expect(headers['access-control-allow-origin']).toBe(FRONTEND);
    expect(headers.vary).toContain('Origin');
    expect(headers['access-control-allow-credentials']).toBe('true');
    const exposed = headers['access-control-expose-headers']!.split(',');
    expect(exposed).toEqual(
      expect.arrayContaining(
        'Content-Disposition Location ETag Retry-After Allow RateLimit RateLimit-Policy X-Request-Id Idempotent-Replayed'.split(
          ' ',
        ),
      ),
    );
    const failed = await anonymous.get('/api/events/x').set('Origin', FRONTEND).expect(400);
    expect(failed.headers['access-control-allow-origin']).toBe(FRONTEND);
  });

  it('accepts preflight requests', async () => {
    const { headers } = await request(testApp())
      .options('/api/events/1')
      .set({
        Origin: FRONTEND,
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'authorization,idempotency-key',
      })
      .expect(204);
    expect(headers['access-control-allow-methods']).toContain('PUT');
    expect(headers['access-control-allow-headers']).toBe('authorization,idempotency-key');
  });

  const OTHERS = [
    'https://evil.example',
    'null',
    `${FRONTEND}.evil.example`,
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example:80',
    'http://evil.example/http://localhost',
    'http://192.168.0.1:3000',
    'ftp://localhost',
  ];

  it.each(OTHERS)('refuses other origins: %s', async (origin) => {
    const { headers } = await anonymous.get('/api/events').set('Origin', origin).expect(200);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('CORS on a developer’s machine', () => {
  const LOCAL = ['http://localhost:5173', 'http://127.0.0.1:8080', 'https://localhost', 'http://[::1]:4321'];

  it.each(LOCAL)('allows every port of the machine: %s', async (origin) => {
    const { headers } = await anonymous.get('/api/events').set('Origin', origin).expect(200);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-credentials']).toBe('true');
  });
});

describe('X-Request-Id', () => {
  it.each(['abc', 'A-1:2.3_4', randomUUID(), 'x'.repeat(128)])('is echoed if it is well formed: %s', async (id) => {
    expect((await anonymous.get('/api/events').set('X-Request-Id', id)).headers['x-request-id']).toBe(id);
    const failed = await anonymous.get('/api/nothing').set('X-Request-Id', id);
    expect(failed.body.error.requestId).toBe(id);
  });

  it.each(['', 'a b', 'é', '<script>', '{"a":1}', 'x'.repeat(129)])('is generated if it is not: %j', async (id) => {
    const { headers } = await anonymous.get('/api/events').set('X-Request-Id', Buffer.from(id).toString('latin1'));
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is stored in the messages of its request', async () => {
    await as(organizer)
      .put(`/api/events/${event.id}`)
      .set('X-Request-Id', 'traced-1')
      .send({ venueName: 'Pier 6' })
      .expect(200);
    const rows = await database('outbox_messages').where('request_id', 'traced-1').pluck('topic');
    expect(rows).not.toEqual([]);
  });
});

describe('Idempotency-Key', () => {
  const create = (user: TestUser, key: string, title = 'Once') =>
    as(user).post('/api/events').set('Idempotency-Key', key).send({ title, startDate: '2031-01-01T10:00:00Z' });

  it('replays the first response, and creates nothing twice', async () => {
    const key = randomUUID();
    const first = await create(organizer, key).expect(201);
    const second = await create(organizer, key).expect(201);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await database('events').where({ organizer_id: organizer.user.id, title: 'Once' })).toHaveLength(1);
  });

  it('returns 422 for another body or path', async () => {
    const key = randomUUID();
    await create(organizer, key).expect(201);
    expectFailure(await create(organizer, key, 'Twice'), 422, 'IDEMPOTENCY_KEY_REUSED');
    const elsewhere = await as(organizer)
      .post('/api/bookings')
      .set('Idempotency-Key', key)
      .send({ eventId: event.id, ticketsCount: 1 });
    expectFailure(elsewhere, 422, 'IDEMPOTENCY_KEY_REUSED');
  });

  it('is separate for each user', async () => {
    const key = randomUUID();
    const other = await registerUser({ role: 'organizer' });
    const mine = await create(organizer, key).expect(201);
    const theirs = await create(other, key).expect(201);
    expect(theirs.body.data.id).not.toBe(mine.body.data.id);
  });

  it('does not store a refusal', async () => {
    const key = randomUUID();
    const send = (startDate: string) =>
      as(organizer).post('/api/events').set('Idempotency-Key', key).send({ title: 'Kept', startDate });
    await send('2001-01-01T10:00:00Z').expect(400);
    await send('2001-01-01T10:00:00Z').expect(400);
    expect(await database('idempotency_keys').where({ key })).toEqual([]);
  });

  it('executes one of several concurrent requests; the others get its response or are refused', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(organizer, key, 'Crowd')));
    for (const { status, body } of answers)
      expect([201, 409]).toContain(status === 409 && body.error.code !== 'REQUEST_IN_PROGRESS' ? 0 : status);
    expect(await database('events').where({ organizer_id: organizer.user.id, title: 'Crowd' })).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(256)],
  ])('returns 400 if it is %s', async (_what, key) => {
    expectFailure(await create(organizer, key), 400, 'VALIDATION_ERROR');
  });

  it('may be 255 characters long', async () => {
    await create(organizer, 'k'.repeat(255), 'Long key').expect(201);
  });
});

describe('compression', () => {
  it('applies to responses over 1 KiB', async () => {
    const long = await anonymous.get(`/api/events/${event.id}`).set('Accept-Encoding', 'gzip').expect(200);
    expect(long.headers['content-encoding']).toBe('gzip');
    expect(long.headers.vary).toContain('Accept-Encoding');
    const plain = await anonymous.get(`/api/events/${event.id}`).set('Accept-Encoding', 'identity').expect(200);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.body).toEqual(long.body);
    const short = await anonymous.get('/api/events/2000000000').set('Accept-Encoding', 'gzip');
    expect(short.headers).not.toHaveProperty('content-encoding');
  });
});

describe('an unchanged resource', () => {
  it('returns 304: a public list', async () => {
    const path = '/api/events?limit=5&category=none-such';
    const first = await anonymous.get(path).expect(200);
    expect(first.headers['cache-control']).toMatch(/public/);
    const again = await anonymous.get(path).set('If-None-Match', first.headers.etag!).expect(304);
    expect(again.text).toBe('');
    await anonymous.get(path).set('If-None-Match', '"another"').expect(200);
  });

  it('returns 304: an event, until it changes', async () => {
    const path = `/api/events/${event.id}`;
    const { headers } = await anonymous.get(path).expect(200);
    await anonymous.get(path).set('If-None-Match', headers.etag!).expect(304);
    await as(organizer).put(path).set('If-Match', headers.etag!).send({ venueName: 'Pier 7' }).expect(200);
    await anonymous.get(path).set('If-None-Match', headers.etag!).expect(200);
    expectFailure(
      await as(organizer).put(path).set('If-Match', headers.etag!).send({ venueName: 'Pier 8' }),
      412,
      'PRECONDITION_FAILED',
    );
  });

  it('may be cached only by the signed-in caller', async () => {
    for (const path of ['/api/events', `/api/events/${event.id}`, '/api/bookings', '/api/auth/profile']) {
      expect((await as(customer).get(path).expect(200)).headers['cache-control']).toMatch(/private|no-store/);
    }
    expect((await anonymous.get('/api/bookings')).headers['cache-control']).toBe('no-store');
  });
});

describe('a body', () => {
  const login = (type: string, text: string) => anonymous.post('/api/auth/login').set('Content-Type', type).send(text);

  it('may be a form, where numbers are text', async () => {
    const { body } = await as(organizer)
      .post('/api/events')
      .type('form')
      .send({ title: 'By form', startDate: inHours(100), totalTickets: '7', allowMultipleBookings: 'true' })
      .expect(201);
    expect(body.data).toMatchObject({ title: 'By form', totalTickets: 7, allowMultipleBookings: true });
  });

  it('in JSON must have numbers as numbers', async () => {
    const refused = await as(customer)
      .post('/api/bookings')
      .send({ eventId: String(event.id), ticketsCount: '2' });
    expectFailure(refused, 400, 'VALIDATION_ERROR');
    expect(refused.body.error.details.map(({ path }: { path: string }) => path)).toEqual(['eventId', 'ticketsCount']);
  });

  it.each<[string, string, string, number, string]>([
    ['malformed', 'application/json', '{"email":', 400, 'MALFORMED_JSON'],
    ['not an object', 'application/json', '"text"', 400, 'VALIDATION_ERROR'],
    ['of another type', 'text/plain', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['in an unknown charset', 'application/json; charset=klingon', '{}', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['over 1 MB', 'application/json', JSON.stringify({ email: 'x'.repeat(1_100_000) }), 413, 'PAYLOAD_TOO_LARGE'],
    [
      'a form over 1 MB',
      'application/x-www-form-urlencoded',
      `email=${'x'.repeat(1_100_000)}`,
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'with an unknown field',
      'application/json',
      '{"email":"a@b.co","password":"x","admin":true}',
      400,
      'VALIDATION_ERROR',
    ],
  ])('is refused if it is %s', async (_what, type, text, status, code) => {
    expectFailure(await login(type, text), status, code);
  });

  it('is refused, naming the unknown field', async () => {
    const { body } = await login('application/json', '{"email":"a@b.co","password":"x","isAdmin":true}');
    expect(body.error.details).toEqual([expect.objectContaining({ path: 'isAdmin' })]);
  });

  it('cannot pollute prototypes', async () => {
    await login('application/json', '{"__proto__":{"polluted":true},"email":"a@b.co","password":"x"}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
