import jwt from 'jsonwebtoken';
import request from 'supertest';
import { changeAccess } from '../../../src/services/users/change-access';
import type { RunningWorker } from '../../../src/worker';
import { getAccessTokenKey } from '../../../src/services/secrets.service';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent, type TestTicketType } from '../../helpers/events';
import { connectTo, startApi, type Heard, type Process } from '../../helpers/realtime';
import { eventually } from '../../helpers/servers/processes';
import { describeWithRedis, testRedisUrl } from '../../helpers/servers/redis';
import { startTestWorker } from '../../helpers/servers/worker';

interface Availability {
  eventId: number;
  availableTickets: number | null;
  ticketTypes: { id: number; quantityAvailable: number | null }[];
}

const clients: Heard[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function connecting(...args: Parameters<typeof connectTo>): Heard {
  const client = connectTo(...args);
  clients.push(client);
  return client;
}

async function connected(...args: Parameters<typeof connectTo>): Promise<Heard> {
  const client = connecting(...args);
  await client.next('connect');
  return client;
}

async function booking(api: Process, { token }: TestUser, eventId: number): Promise<void> {
  await request(api.url)
    .post('/api/bookings')
    .set('Authorization', `Bearer ${token}`)
    .send({ eventId, ticketsCount: 1 })
    .expect(201);
}

function describeProcesses(settings: Record<string, string>): void {
  let one: Process;
  let other: Process;
  let worker: RunningWorker;
  beforeAll(async () => {
    [one, other, worker] = await Promise.all([startApi(settings), startApi(settings), startTestWorker(settings)]);
  });
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop(), worker.stop()]);
  });

  it('sends a notification to every connection of its user, on any process and transport, and to nobody else', async () => {
    const [user, stranger] = (await registerUsers(2)) as [TestUser, TestUser];
    const mine = [
      await connected(one.url, user.token),
      await connected(other.url, `Bearer ${user.token}`, { transports: ['polling'] }),
    ];
    const others = await connected(other.url, stranger.token);
    const event = await makeEvent(await theOrganizer());
    await booking(one, user, event.id);
    for (const client of mine) {
      const told = await client.next<{ id: number }>('notification');
      const { body } = await as(user).get('/api/notifications').expect(200);
      expect(told).toEqual(body.data[0]);
      expect(told).toMatchObject({ kind: 'booking.confirmed', eventId: event.id });
    }
    expect(mine.map((client) => client.all('notification').length)).toEqual([1, 1]);
    expect(others.all('notification')).toEqual([]);
  });

  it('sends changes of a support ticket to its customer and staff, without any text, and to nobody else', async () => {
    const [user, stranger] = (await registerUsers(2)) as [TestUser, TestUser];
    const organizer = await theOrganizer();
    const event = await makeEvent(organizer);
    const heard = [await connected(other.url, user.token), await connected(one.url, organizer.token)];
    const others = await connected(other.url, stranger.token);
    const { body } = await request(one.url)
      .post('/api/support/tickets')
      .set('Authorization', `Bearer ${user.token}`)
      .send({ subject: 'A question', message: 'Where?', eventId: event.id })
      .expect(201);
    const { id, number, updatedAt } = (body as { data: { id: number; number: string; updatedAt: string } }).data;
    for (const client of heard) expect(await client.next('support')).toEqual({ id, number, status: 'open', updatedAt });
    await request(other.url)
      .post(`/api/support/tickets/${id}/messages`)
      .set('Authorization', `Bearer ${organizer.token}`)
      .send({ message: 'Here.' })
      .expect(201);
    for (const client of heard) expect(await client.next('support')).toMatchObject({ id, status: 'pending' });
    expect(others.all('support')).toEqual([]);
  });

  it('sends a watcher the availability at once, and changes a few times a second at most', async () => {
    const users = await registerUsers(40);
    const ticketTypes = [{ name: 'Stalls', quantity: 100 }, { name: 'Any' }];
    const event = await makeEvent(await theOrganizer(), { totalTickets: 200, ticketTypes });
    const [stalls, any] = event.ticketTypes as [TestTicketType, TestTicketType];
    const watchers = await Promise.all([one, other].map(({ url }) => connected(url, users[0]!.token)));
    for (const watcher of watchers) {
      expect(await watcher.ask('watch', { eventId: event.id })).toEqual({ success: true });
      expect(await watcher.next<Availability>('availability')).toEqual({
        eventId: event.id,
        availableTickets: 200,
        ticketTypes: [
          { id: stalls.id, quantityAvailable: 100 },
          { id: any.id, quantityAvailable: 200 },
        ],
      });
    }
    const begun = performance.now();
    await Promise.all(
      users.map(({ token }) =>
        request(one.url)
          .post('/api/bookings')
          .set('Authorization', `Bearer ${token}`)
          .send({ eventId: event.id, items: [{ ticketTypeId: stalls.id, quantity: 1 }] })
          .expect(201),
      ),
    );
    const last = { availableTickets: 160, ticketTypes: [{ quantityAvailable: 60 }, { quantityAvailable: 160 }] };
    for (const watcher of watchers) {
      await eventually(() => watcher.all<Availability>('availability').at(-1)?.availableTickets === 160);
      expect(watcher.all('availability').at(-1)).toMatchObject(last);
      const seconds = (performance.now() - begun) / 1000;
      expect(watcher.all('availability').length - 1).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1);
    }

    expect(await watchers[0]!.ask('unwatch', { eventId: event.id })).toEqual({ success: true });
    const count = watchers[0]!.all('availability').length;
    await request(one.url)
      .put(`/api/events/${event.id}`)
      .set('Authorization', `Bearer ${(await theOrganizer()).token}`)
      .send({ totalTickets: 41 })
      .expect(200);
    await eventually(() => watchers[1]!.all<Availability>('availability').at(-1)?.availableTickets === 1);
    expect(watchers[0]!.all('availability')).toHaveLength(count);
  });
}

describe('two processes without Redis', () => describeProcesses({}));
describeWithRedis('two processes with Redis', () => describeProcesses({ REDIS_URL: testRedisUrl! }));

describe('a live connection', () => {
  let api: Process;
  beforeAll(async () => {
    api = await startApi({ LIVE_CONNECTIONS_PER_USER: '3', FRONTEND_URL: 'https://tickets.example' });
  });
  afterAll(() => api.stop());

  const sign = (user: TestUser, claims: object) => {
    const { exp: _exp, ...old } = jwt.decode(user.token) as jwt.JwtPayload;
    return jwt.sign({ ...old, ...claims }, getAccessTokenKey());
  };
  const soon = (seconds: number) => ({ exp: Math.floor(Date.now() / 1000) + seconds });

  it.each([
    ['an empty token', () => '', 'UNAUTHORIZED'],
    ['an object', () => ({ a: 1 }), 'UNAUTHORIZED'],
    ['a forged token', (user: TestUser) => `${user.token}x`, 'UNAUTHORIZED'],
    ['an expired token', (user: TestUser) => sign(user, soon(-5)), 'TOKEN_EXPIRED'],
    [
      'a token of an ended session',
      async (user: TestUser) => {
        await as(user).post('/api/auth/logout').expect(204);
        return user.token;
      },
      'UNAUTHORIZED',
    ],
    [
      'a token of a suspended user',
      async (user: TestUser) => {
        await changeAccess(user.user.id, { status: 'suspended' });
        return user.token;
      },
      'ACCOUNT_SUSPENDED',
    ],
  ])('is refused with %s', async (_what, tokenOf, code) => {
    const token = await tokenOf(await registerUser());
    // This process learns of revocations by other processes within 5 s.
    await eventually(async () => {
      const client = connecting(api.url, token, { reconnection: false });
      await eventually(() => client.all('connect').length + client.all('connect_error').length > 0);
      const [refusal] = client.all<{ data?: { code: string } }>('connect_error');
      client.close();
      return refusal?.data?.code === code;
    });
  });

  it('ends within 5 s when the user signs out, is suspended, or the token expires', async () => {
    const [leaving, suspended, expiring] = (await registerUsers(3)) as [TestUser, TestUser, TestUser];
    const tokens = [leaving.token, suspended.token, sign(expiring, soon(4))];
    const open = await Promise.all(tokens.map((token) => connected(api.url, token)));
    const from = performance.now();
    await as(leaving).post('/api/auth/logout').expect(204);
    await changeAccess(suspended.user.id, { status: 'suspended' });
    const codes = await Promise.all(open.map((client) => client.next<{ code: string }>('signed_out')));
    expect(codes.map(({ code }) => code)).toEqual(['UNAUTHORIZED', 'ACCOUNT_SUSPENDED', 'TOKEN_EXPIRED']);
    for (const client of open) expect(await client.next('disconnect')).toBe('io server disconnect');
    expect(performance.now() - from).toBeLessThan(6000);
  });

  it('reports the error in a request', async () => {
    const organizer = await registerUser({ role: 'organizer' });
    const draft = await makeEvent(organizer, { status: 'draft' });
    const stranger = await connected(api.url, (await registerUser()).token);
    const refusals = await Promise.all([
      stranger.ask('watch', { eventId: draft.id }),
      stranger.ask('watch', { eventId: 2_000_000_000 }),
      ...[undefined, null, 'x', {}, { eventId: '1' }, { eventId: 2_147_483_648 }, [1]].map((wrong) =>
        stranger.ask('watch', wrong),
      ),
    ]);
    expect(refusals.map(({ error }) => error?.code)).toEqual([
      'NOT_FOUND',
      'NOT_FOUND',
      ...Array.from({ length: 7 }, () => 'VALIDATION_ERROR'),
    ]);
    stranger.socket.emit('watch', { eventId: draft.id });
    expect(await stranger.next('refused')).toMatchObject({ request: 'watch', code: 'NOT_FOUND' });
    const own = await connected(api.url, organizer.token);
    expect(await own.ask('watch', { eventId: draft.id })).toEqual({ success: true });
  });

  it('limits connections, watches, requests and the size of a message', async () => {
    const user = await registerUser();
    const organizer = await registerUser({ role: 'organizer' });
    const [first] = await Promise.all([1, 2, 3].map(() => connected(api.url, user.token)));
    const fourth = connecting(api.url, user.token, { reconnection: false });
    expect(await fourth.next('connect_error')).toMatchObject({ data: { code: 'RATE_LIMITED' } });

    const events = await Promise.all(Array.from({ length: 101 }, () => makeEvent(organizer)));
    const answers = [];
    for (const { id } of events) answers.push(await first!.ask('watch', { eventId: id }));
    expect(answers.filter(({ success }) => success)).toHaveLength(100);
    expect(answers.at(-1)!.error!.code).toBe('RATE_LIMITED');

    const eager = await connected(api.url, organizer.token);
    const many = await Promise.all(Array.from({ length: 200 }, () => eager.ask('unwatch', { eventId: 1 })));
    expect(many.filter(({ error }) => error?.code === 'RATE_LIMITED').length).toBeGreaterThan(30);

    eager.socket.emit('watch', { eventId: 'x'.repeat(20_000) });
    expect(await eager.next('disconnect')).toMatch(/transport (close|error)/);
  });

  it('accepts the front end from its origin, with the headers of the API', async () => {
    const handshake = (origin: string) =>
      fetch(`${api.url}/socket.io/?EIO=4&transport=polling`, { headers: { Origin: origin } });
    const own = await handshake('https://tickets.example');
    expect(own.headers.get('Access-Control-Allow-Origin')).toBe('https://tickets.example');
    expect(own.headers.get('Access-Control-Allow-Credentials')).toBe('true');
    expect(own.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const local = await handshake('http://127.0.0.1:5173');
    expect(local.headers.get('Access-Control-Allow-Origin')).toBe('http://127.0.0.1:5173');
    const foreign = await handshake('https://elsewhere.example');
    expect(foreign.headers.get('Access-Control-Allow-Origin')).not.toBe('https://elsewhere.example');
  });

  it.each([
    ['in the headers', (token: string) => ({ extraHeaders: { Authorization: `Bearer ${token}` } })],
    ['in the query', (token: string) => ({ query: { token } })],
  ])('refuses an invalid token %s instead of treating it as signed out', async (_what, options) => {
    const client = connecting(api.url, undefined, {
      reconnection: false,
      transports: ['polling'],
      ...options('forged'),
    });
    expect(await client.next('connect_error')).toMatchObject({ data: { code: 'UNAUTHORIZED' } });
  });

  it('is closed on SIGTERM, so that the client connects to another process', async () => {
    const leaving = await startApi();
    const client = await connected(leaving.url, (await registerUser()).token, { reconnectionDelay: 50 });
    const polling = await connected(leaving.url, (await registerUser()).token, { transports: ['polling'] });
    leaving.terminate();
    for (const each of [client, polling]) {
      expect(await each.next('disconnect')).toMatch(/^transport/);
      expect(each.socket.active).toBe(true);
    }
    await leaving.stop();
  });
});

describe('without live updates', () => {
  it('returns 404 for its path', async () => {
    const api = await startApi({ LIVE_CONNECTIONS: '0' });
    expect((await fetch(`${api.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(404);
    await api.stop();
  });
});
