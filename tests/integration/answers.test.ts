import request from 'supertest';
import { database } from '../../src/database';
import { registerUser, type TestUser } from '../helpers/accounts';
import { aFullEvent, anOpenEvent, theOrganizer } from '../helpers/bookings';
import { anonymous, as, testApp } from '../helpers/client';
import { inHours, makeEvent } from '../helpers/events';
import { PDF, picture } from '../helpers/files';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

describe('Location', () => {
  const made: [what: string, make: () => Promise<{ sent: request.Test; owner?: TestUser }>][] = [
    [
      'an account',
      async () => ({
        sent: anonymous.post('/api/auth/register').send({ email: 'where@example.com', password: 'a long pass phrase' }),
      }),
    ],
    [
      'an event',
      async () => ({
        sent: as(organizer)
          .post('/api/events')
          .send({ title: 'Here', startDate: inHours(90) }),
        owner: organizer,
      }),
    ],
    [
      'a ticket type',
      async () => {
        const { id } = await anOpenEvent();
        return {
          sent: as(organizer).post(`/api/events/${id}/ticket-types`).send({ name: 'Balcony' }),
          owner: organizer,
        };
      },
    ],
    [
      'a booking',
      async () => {
        const owner = await registerUser();
        const { id } = await anOpenEvent();
        return { sent: as(owner).post('/api/bookings').send({ eventId: id, ticketsCount: 1 }), owner };
      },
    ],
    [
      'a discount',
      async () => ({
        sent: as(organizer).post('/api/discounts').send({ code: 'WHERE', type: 'percentage', value: 5 }),
        owner: organizer,
      }),
    ],
    ['a file', async () => ({ sent: as(organizer).post('/api/files').attach('file', PDF, 'a.pdf'), owner: organizer })],
    [
      'a waitlist entry',
      async () => {
        const owner = await registerUser();
        const { event } = await aFullEvent(1);
        return { sent: as(owner).post('/api/waitlist/join').send({ eventId: event.id }), owner };
      },
    ],
  ];

  it.each(made)('is the URL of %s', async (_what, make) => {
    const { sent, owner } = await make();
    const { headers, body } = await sent.expect(201);
    const { user, token, id } = body.data as { user?: { id: number }; token: string; id: number };
    const found = await as(owner ?? token)
      .get(headers.location!)
      .expect(200);
    expect(found.body.data.id).toBe(user?.id ?? id);
  });

  it('is also sent when the first response is replayed', async () => {
    const owner = await registerUser();
    const { id } = await anOpenEvent();
    const twice = (caller: TestUser, path: string, body: object) => {
      const key = `${path}-${id}`;
      return Promise.all([0, 1].map(() => as(caller).post(path).set('Idempotency-Key', key).send(body)));
    };
    for (const [caller, path, body] of [
      [owner, '/api/bookings', { eventId: id, ticketsCount: 1 }],
      [organizer, '/api/discounts', { code: 'TWO-TIMES', type: 'percentage', value: 5 }],
    ] as const) {
      await twice(caller, path, body);
      const [first, second] = await twice(caller, path, body);
      expect(first!.headers.location).toBe(`${path}/${first!.body.data.id}`);
      expect(second!.headers.location).toBe(first!.headers.location);
    }
  });
});

describe('WWW-Authenticate', () => {
  it.each([
    ['without a token', () => anonymous.get('/api/bookings')],
    ['with a forged token', () => as('forged').get('/api/events')],
    [
      'with wrong credentials',
      () => anonymous.post('/api/auth/login').send({ email: 'nobody@example.com', password: 'x' }),
    ],
    ['with a spent refresh token', () => anonymous.post('/api/auth/refresh').send({ refreshToken: 'spent' })],
    ['at the queue board', () => request(testApp()).post('/admin/queues/session')],
  ])('is part of a 401 %s', async (_what, ask) => {
    const { headers } = await ask().expect(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer realm="bilten"/);
  });
});

describe('a refresh with a wrong token', () => {
  it.each([
    ['an access token', () => organizer.token],
    ['any other text', () => 'x'.repeat(4096)],
  ])('returns 401: %s', async (_what, tokenOf) => {
    const { body } = await anonymous.post('/api/auth/refresh').send({ refreshToken: tokenOf() }).expect(401);
    expect(body.error.code).toBe('UNAUTHORIZED');
  });
});

describe('removeCover', () => {
  it('204, even if repeated; the event no longer has a cover', async () => {
    const event = await makeEvent(organizer);
    const image = await picture();
    const shown = await as(organizer).post(`/api/events/${event.id}/cover`).attach('file', image, 'a.png').expect(200);
    expect(shown.body.data.coverImageUrl).toEqual(expect.any(String));
    await as(organizer).delete(`/api/events/${event.id}/cover`).expect(204);
    const { body, headers } = await anonymous.get(`/api/events/${event.id}`).expect(200);
    expect(body.data.coverImageUrl).toBeNull();
    expect(headers.etag).not.toBe(shown.headers.etag);
    await anonymous.get(new URL(shown.body.data.coverImageUrl as string).pathname).expect((res) => {
      expect([200, 404]).toContain(res.status);
    });
    await as(organizer).delete(`/api/events/${event.id}/cover`).expect(204);
    const log = await database('audit_entries').where({ subject_id: event.id, action: 'event.remove_cover' });
    expect(log).toHaveLength(1);
  });

  it('409 EVENT_CLOSED, 403 for others', async () => {
    const event = await makeEvent(organizer);
    await as(await registerUser({ role: 'organizer' }))
      .delete(`/api/events/${event.id}/cover`)
      .expect(403);
    await as(organizer).post(`/api/events/${event.id}/cancel`).send({ confirm: true }).expect(202);
    const { body } = await as(organizer).delete(`/api/events/${event.id}/cover`).expect(409);
    expect(body.error.code).toBe('EVENT_CLOSED');
  });
});
