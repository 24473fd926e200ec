import { database } from '../../../src/database';
import { expireHolds } from '../../../src/services/bookings/expire-holds';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  booking,
  cancelling,
  codeOf,
  entryOf,
  inventoryOf,
  joined,
  joining,
  messagesAbout,
  moveEvent,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
  type TestEntry,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { startInstance } from '../../helpers/instance';

describe('getBooking', () => {
  it('200: as in the first response for its owner; without codes for the event’s organizer and admins', async () => {
    const { owner, held } = await aFullEvent();
    const { body } = await as(owner).get(`/api/bookings/${held.id}`).expect(200);
    expect(body.data).toEqual(held);
    const shown = { ...held, tickets: held.tickets.map((ticket) => ({ ...ticket, code: null })) };
    for (const user of [await theOrganizer(), await registerUser({ role: 'admin' })]) {
      for (const path of [`${held.id}`, `reference/${held.reference}`]) {
        const answer = await as(user).get(`/api/bookings/${path}`).expect(200);
        expect(answer.body.data).toEqual(shown);
      }
    }
  });

  it('404: for all others, as if it did not exist', async () => {
    const { held } = await aFullEvent();
    const stranger = await registerUser();
    const other = await registerUser({ role: 'organizer' });
    const missing = await as(stranger).get('/api/bookings/2000000000').expect(404);
    for (const user of [stranger, other]) {
      const { body } = await as(user).get(`/api/bookings/${held.id}`).expect(404);
      expect({ ...body.error, requestId: '' }).toEqual({ ...missing.body.error, requestId: '' });
    }
  });

  it('400: invalid id, 401: signed out', async () => {
    const user = await registerUser();
    for (const id of ['0', '-1', '1.5', 'one', '2147483648', '1e3', ' 1', '%00'])
      expect(codeOf(await as(user).get(`/api/bookings/${id}`).expect(400))).toBe('VALIDATION_ERROR');
    await anonymous.get('/api/bookings/1').expect(401);
  });

  it('shows cancelled and expired bookings', async () => {
    const { owner, held } = await aFullEvent();
    await cancelling(owner, held.id).expect(200);
    const { body } = await as(owner).get(`/api/bookings/${held.id}`).expect(200);
    expect(body.data).toMatchObject({ status: 'cancelled', expiresAt: null });
    expect(new Date(body.data.cancelledAt as string).getTime()).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('getBookingByReference', () => {
  it('200: in upper and lower case', async () => {
    const { owner, held } = await aFullEvent();
    for (const reference of [held.reference, held.reference.toLowerCase()]) {
      const { body } = await as(owner).get(`/api/bookings/reference/${reference}`).expect(200);
      expect(body.data).toEqual(held);
    }
    await as(await theOrganizer())
      .get(`/api/bookings/reference/${held.reference}`)
      .expect(200);
  });

  it('404: for other users and unknown references, 400: for invalid references', async () => {
    const { held } = await aFullEvent();
    const stranger = await registerUser();
    for (const reference of [held.reference, 'CCCCCCCCCC']) {
      await as(stranger).get(`/api/bookings/reference/${reference}`).expect(404);
    }
    for (const reference of ["'%20OR%201=1", 'C'.repeat(21), '%00', 'A-B'])
      await as(stranger).get(`/api/bookings/reference/${reference}`).expect(400);
  });
});

describe('listBookings', () => {
  it.each(['/api/bookings', '/api/bookings/my-bookings'])(
    '%s: lists the caller’s bookings, newest first',
    async (path) => {
      const [user, other] = await registerUsers(2);
      const events = [await anOpenEvent(), await anOpenEvent({ basePrice: 3 }), await anOpenEvent()];
      const made: TestBooking[] = [];
      for (const { id } of events) made.push(await booked(user!, id));
      await booked(other!, events[0]!.id);
      const { body } = await as(user!).get(path).expect(200);
      expect(body.data).toEqual([made[2], made[1], made[0]]);
      expect(body.pagination).toEqual({ page: 1, limit: 20, total: 3, pages: 1, totalCapped: false });
      const second = await as(user!).get(`${path}?limit=2&page=2`).expect(200);
      expect(second.body.data).toEqual([made[0]]);
      expect(second.body.pagination).toMatchObject({ page: 2, limit: 2, total: 3, pages: 2 });
    },
  );

  it('filters by status and by upcoming or past events', async () => {
    const user = await registerUser();
    const [free, past, paid, gone] = [
      await anOpenEvent(),
      await anOpenEvent(),
      await anOpenEvent({ basePrice: 3 }),
      await anOpenEvent(),
    ];
    const [a, b, c, d] = [
      await booked(user, free.id),
      await booked(user, past.id),
      await booked(user, paid.id),
      await booked(user, gone.id),
    ];
    await moveEvent(past.id, -3);
    await cancelling(user, d.id).expect(200);
    const ids = async (query: string) => {
      const { body } = await as(user).get(`/api/bookings?${query}`).expect(200);
      expect(body.pagination.total).toBe(body.data.length);
      return (body.data as TestBooking[]).map(({ id }) => id);
    };
    expect(await ids('status=confirmed')).toEqual([b.id, a.id]);
    expect(await ids('status=pending')).toEqual([c.id]);
    expect(await ids('status=cancelled')).toEqual([d.id]);
    expect(await ids('status=expired')).toEqual([]);
    expect(await ids('upcoming=true')).toEqual([d.id, c.id, a.id]);
    expect(await ids('upcoming=false')).toEqual([b.id]);
    expect(await ids('upcoming=true&status=confirmed')).toEqual([a.id]);
    expect(await ids('unknown=1')).toHaveLength(4);
  });

  it('400: invalid pages and filters', async () => {
    const user = await registerUser();
    for (const query of [
      'page=0',
      'limit=0',
      'limit=101',
      'page=x',
      'page=1.5',
      'status=paid',
      'upcoming=maybe',
      'page=99999999999',
    ])
      expect(codeOf(await as(user).get(`/api/bookings?${query}`).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('shows bookings of a deleted event', async () => {
    const { event, owner, held } = await aFullEvent();
    await cancelling(owner, held.id).expect(200);
    await as(await theOrganizer())
      .delete(`/api/events/${event.id}`)
      .expect(204);
    const { body } = await as(owner).get('/api/bookings').expect(200);
    expect(body.data).toMatchObject([{ id: held.id, event: { id: event.id } }]);
  });
});

describe('expireHolds', () => {
  it('frees unpaid tickets in time, notifies the booker, and lets others book them', async () => {
    const event = await anOpenEvent({ basePrice: 5, totalTickets: 2 });
    const [late, inTime, next] = await registerUsers(3);
    const made = await booked(late!, event.id);
    await booked(inTime!, event.id);
    await database('bookings')
      .where('id', made.id)
      .update({
        created_at: database.raw("now() - interval '16 minutes'"),
        expires_at: database.raw("now() - interval '1 minute'"),
      });
    // Two workers may run it at once.
    expect((await Promise.all([expireHolds(), expireHolds()])).sort()).toEqual([0, 1]);
    expect(await expireHolds()).toBe(0);
    const { body } = await as(late!).get(`/api/bookings/${made.id}`).expect(200);
    expect(body.data).toMatchObject({ status: 'expired', expiresAt: null });
    expect(codeOf(await cancelling(late!, made.id).expect(409))).toBe('BOOKING_EXPIRED');
    expect(await messagesAbout({ bookingId: made.id })).toEqual([
      { topic: 'booking.expired', payload: { bookingId: made.id } },
    ]);
    expect(await inventoryOf(event.id)).toMatchObject({ held: 1 });
    await booked(next!, event.id);
  });

  it('offers freed tickets to the waitlist', async () => {
    const event = await anOpenEvent({ basePrice: 5, totalTickets: 1 });
    const [late, next] = await registerUsers(2);
    const made = await booked(late!, event.id);
    await joined(next!, event.id);
    await database('bookings')
      .where('id', made.id)
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    await expireHolds();
    expect(await entryOf(next!, event.id)).toMatchObject({ status: 'offered' });
  });

  it('frees holds of an event that is no longer public', async () => {
    const event = await anOpenEvent({ basePrice: 5 });
    const made = await booked(await registerUser(), event.id);
    await database('events').where('id', event.id).update({ deleted_at: new Date() });
    await database('bookings')
      .where('id', made.id)
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    expect(await expireHolds()).toBe(1);
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0 });
  });

  it('works with any fraction of a minute', async () => {
    const event = await anOpenEvent({ basePrice: 5 });
    const user = await registerUser();
    // 19.9998 seconds.
    const instance = startInstance({ HOLD_MINUTES: '0.33333' });
    const { body } = await instance
      .as(user.token)
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 1 })
      .expect(201);
    await instance.close();
    const { createdAt, expiresAt } = body.data as { createdAt: string; expiresAt: string };
    expect(new Date(expiresAt).getTime() - new Date(createdAt).getTime()).toBe(20_000);
  });
});

describe('Idempotency-Key', () => {
  it('replays the first response and marks it', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const first = await booking(user, event.id, 2).set('Idempotency-Key', 'one').expect(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    await cancelling(user, (first.body.data as TestBooking).id).expect(200);
    const second = await booking(user, event.id, 2).set('Idempotency-Key', 'one').expect(201);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0 });
  });

  it('creates one booking for twenty concurrent requests, and gives all the same response', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => booking(user, event.id).set('Idempotency-Key', 'x')),
    );
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1 });
  });

  it('422: with another body, another path', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    const [user, other] = await registerUsers(2);
    await booking(user!, event.id).set('Idempotency-Key', 'k').expect(201);
    expect(codeOf(await booking(user!, event.id, 2).set('Idempotency-Key', 'k').expect(422))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(codeOf(await joining(user!, event.id).set('Idempotency-Key', 'k').expect(422))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    const elsewhere = as(user!).post('/api/events').set('Idempotency-Key', 'k');
    expect([403, 422]).toContain((await elsewhere.send({ title: 'x' })).status);
    await joining(other!, event.id).set('Idempotency-Key', 'k').expect(201);
  });

  it('422: for another event, even on another process', async () => {
    const [one, two] = [await anOpenEvent(), await anOpenEvent()];
    const user = await registerUser();
    const instance = startInstance();
    const answers = await Promise.all([
      booking(user, one.id).set('Idempotency-Key', 'k'),
      instance
        .as(user.token)
        .post('/api/bookings')
        .set('Idempotency-Key', 'k')
        .send({ eventId: two.id, ticketsCount: 1 }),
    ]);
    await instance.close();
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect((await inventoryOf(one.id)).sold + (await inventoryOf(two.id)).sold).toBe(1);
  });

  it('does not store a refusal', async () => {
    const { event, owner, held } = await aFullEvent();
    const user = await registerUser();
    await booking(user, event.id).set('Idempotency-Key', 'again').expect(409);
    await cancelling(owner, held.id).expect(200);
    const { headers } = await booking(user, event.id).set('Idempotency-Key', 'again').expect(201);
    expect(headers['idempotent-replayed']).toBeUndefined();
  });

  it('expires after a day', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    await booking(user, event.id).set('Idempotency-Key', 'old').expect(201);
    await database('idempotency_keys')
      .where('user_id', user.user.id)
      .update({ expires_at: database.raw('now()') });
    const { headers } = await booking(user, event.id, 2).set('Idempotency-Key', 'old').expect(201);
    expect(headers['idempotent-replayed']).toBeUndefined();
    expect(await database('idempotency_keys').where('user_id', user.user.id)).toHaveLength(1);
  });

  it.each(['{}', '"', '\\', 'NULL', 'a,b', ' ', '\u00e9', 'x'.repeat(255), `'; DROP TABLE bookings; --`])(
    'treats %j as plain text',
    async (key) => {
      const event = await anOpenEvent();
      const user = await registerUser();
      const first = await booking(user, event.id).set('Idempotency-Key', key);
      // HTTP strips spaces around a header value.
      if (key.trim() === '') return expect(first.status).toBe(400);
      const second = await booking(user, event.id).set('Idempotency-Key', key).expect(201);
      expect(second.body).toEqual(first.body);
    },
  );

  it('works for a waitlist entry', async () => {
    const { event } = await aFullEvent();
    const user = await registerUser();
    const [first, second] = [
      await joining(user, event.id).set('Idempotency-Key', 'p').expect(201),
      await joining(user, event.id).set('Idempotency-Key', 'p').expect(201),
    ];
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect((first.body as { data: TestEntry }).data.position).toBe(1);
    expect(await inventoryOf(event.id)).toMatchObject({ waiting: 1 });
  });
});
