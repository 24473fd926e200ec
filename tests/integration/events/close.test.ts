import { database, runInTransaction } from '../../../src/database';
import { completePastEvents, refreshPopularity } from '../../../src/services/events/cancel-event';
import { lockSale } from '../../../src/services/inventory/lock-sale';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { HOUR_MS, makeEvent } from '../../helpers/events';

let organizer: TestUser;
let another: TestUser;
let customer: TestUser;

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  another = await registerUser({ role: 'organizer' });
  customer = await registerUser();
});

const rowOf = (id: number) => database('events').where({ id }).first();
const book = (id: number, user = customer) => as(user).post('/api/bookings').send({ eventId: id, ticketsCount: 1 });
const topicsOf = (id: number) =>
  database('outbox_messages')
    .whereRaw("payload ->> 'eventId' = ?", [String(id)])
    .orderBy('id')
    .pluck('topic');

/** Moves an event so that it started `hoursAgo` hours ago and lasted an hour. */
async function shift(id: number, hoursAgo: number): Promise<void> {
  const start = Date.now() - hoursAgo * HOUR_MS;
  await database('events')
    .where({ id })
    .update({ starts_at: new Date(start), ends_at: new Date(start + HOUR_MS) });
}

describe('cancelEvent', () => {
  it('202: ends the sale at once and adds a message for the rest', async () => {
    const { id } = await makeEvent(organizer);
    await book(id).expect(201);
    const { body } = await as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true }).expect(202);
    expect(body).toMatchObject({ data: { id, status: 'cancelled' }, message: expect.any(String) });
    expect(await rowOf(id)).toMatchObject({ status: 'cancelled', cancelled_at: expect.any(Date) });
    expect(await topicsOf(id)).toEqual(['event.cancelled']);
    const refused = await book(id, another).expect(409);
    expect(refused.body.error.code).toBe('EVENT_NOT_BOOKABLE');
    await anonymous.get(`/api/events/${id}`).expect(200);
  });

  it('409 EVENT_CLOSED the second time, and for all but one of several concurrent requests', async () => {
    const { id } = await makeEvent(organizer);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
    expect(await topicsOf(id)).toEqual(['event.cancelled']);
    const { body } = await as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true }).expect(409);
    expect(body.error.code).toBe('EVENT_CLOSED');
  });

  it('409 EVENT_CLOSED once it is over', async () => {
    const { id } = await makeEvent(organizer);
    await shift(id, 3);
    await as(organizer).post(`/api/events/${id}/cancel`).send({ confirm: true }).expect(409);
  });

  it('refuses everybody except its organizer and admins', async () => {
    const { id } = await makeEvent(organizer);
    await as(another).post(`/api/events/${id}/cancel`).expect(403);
    await as(customer).post(`/api/events/${id}/cancel`).expect(403);
    await anonymous.post(`/api/events/${id}/cancel`).expect(401);
    expect((await rowOf(id)).status).toBe('published');
  });
});

describe('deleteEvent', () => {
  it('204: hides it and closes its waitlist', async () => {
    const { id } = await makeEvent(organizer);
    await as(organizer).delete(`/api/events/${id}`).expect(204);
    await as(organizer).get(`/api/events/${id}`).expect(404);
    await as(organizer).put(`/api/events/${id}`).send({ title: 'x' }).expect(404);
    await as(organizer).delete(`/api/events/${id}`).expect(404);
    await book(id).expect(404);
    expect(await rowOf(id)).toMatchObject({ deleted_at: expect.any(Date), status: 'cancelled' });
    expect(await topicsOf(id)).toEqual(['event.cancelled']);
  });

  it('204 for a draft, without notifications', async () => {
    const { id } = await makeEvent(organizer, { status: 'draft' });
    await as(organizer).delete(`/api/events/${id}`).expect(204);
    expect(await rowOf(id)).toMatchObject({ deleted_at: expect.any(Date), status: 'draft' });
    expect(await topicsOf(id)).toEqual([]);
  });

  it('409 EVENT_HAS_BOOKINGS while it has pending or confirmed bookings, 204 after that', async () => {
    const { id } = await makeEvent(organizer, {
      ticketTypes: [
        { name: 'Free', price: 0 },
        { name: 'Paid', price: 5 },
      ],
    });
    const [free, paid] = (await as(organizer).get(`/api/events/${id}`)).body.data.ticketTypes as { id: number }[];
    const order = (ticketTypeId: number, user: TestUser) =>
      as(user)
        .post('/api/bookings')
        .send({ eventId: id, items: [{ ticketTypeId, quantity: 1 }] })
        .expect(201);
    const confirmed = await order(free!.id, customer);
    const pending = await order(paid!.id, another);
    expect(pending.body.data.status).toBe('pending');
    for (const [booking, user] of [
      [confirmed.body.data.id, customer],
      [pending.body.data.id, another],
    ] as [number, TestUser][]) {
      const { body } = await as(organizer).delete(`/api/events/${id}`).expect(409);
      expect(body.error.code).toBe('EVENT_HAS_BOOKINGS');
      await as(user).put(`/api/bookings/${booking}/cancel`).send({}).expect(200);
    }
    await as(organizer).delete(`/api/events/${id}`).expect(204);
    expect(await database('bookings').where({ event_id: id })).toHaveLength(2);
    const { body } = await as(customer).get(`/api/bookings/${confirmed.body.data.id}`).expect(200);
    expect(body.data.event.id).toBe(id);
  });

  it('lets either a booking or the deletion succeed, never both', async () => {
    const buyers = await registerUsers(6);
    for (const buyer of buyers) {
      const { id } = await makeEvent(organizer, { totalTickets: 1 });
      const [booked, deleted] = await Promise.all([book(id, buyer), as(organizer).delete(`/api/events/${id}`)]);
      expect([booked.status === 201, deleted.status === 204]).toContain(true);
      expect(booked.status === 201 && deleted.status === 204).toBe(false);
    }
  });

  it('refuses everybody except its organizer and admins', async () => {
    const { id } = await makeEvent(organizer);
    await as(another).delete(`/api/events/${id}`).expect(403);
    await as(customer).delete(`/api/events/${id}`).expect(403);
    await as(await registerUser({ role: 'admin' }))
      .delete(`/api/events/${id}`)
      .expect(204);
  });
});

describe('completePastEvents', () => {
  it('completes published events that are over, and no others', async () => {
    const over = await makeEvent(organizer);
    const running = await makeEvent(organizer);
    const toCome = await makeEvent(organizer);
    const draft = await makeEvent(organizer, { status: 'draft' });
    await shift(over.id, 2);
    await shift(running.id, 0.5);
    await shift(draft.id, 2);
    expect(await completePastEvents()).toBeGreaterThanOrEqual(1);
    const statuses = await Promise.all(
      [over, running, toCome, draft].map(async ({ id }) => (await rowOf(id)).status as string),
    );
    expect(statuses).toEqual(['completed', 'published', 'published', 'draft']);
    expect(await rowOf(over.id)).toMatchObject({ completed_at: expect.any(Date) });
    expect(await completePastEvents()).toBe(0);
  });

  it('skips an event whose sale is locked until the next run', async () => {
    const { id } = await makeEvent(organizer);
    await shift(id, 2);
    await runInTransaction(async (trx) => {
      await lockSale(trx, id);
      expect(await completePastEvents()).toBe(0);
    });
    expect(await completePastEvents()).toBe(1);
    expect((await rowOf(id)).status).toBe('completed');
  });
});

describe('refreshPopularity', () => {
  it('ranks the event that sold most first', async () => {
    const few = await makeEvent(organizer, { category: 'popular' });
    const many = await makeEvent(organizer, { category: 'popular' });
    const buyers = await registerUsers(3);
    for (const buyer of buyers) await book(many.id, buyer).expect(201);
    await book(few.id).expect(201);
    const { version } = await rowOf(many.id);
    expect(await refreshPopularity()).toBeGreaterThanOrEqual(2);
    expect(await refreshPopularity()).toBe(0);
    expect(await rowOf(many.id)).toMatchObject({ popularity: 3, version });
    const { body } = await anonymous.get('/api/events?category=popular&sort=popularity').expect(200);
    expect((body.data as { id: number }[]).map(({ id }) => id)).toEqual([many.id, few.id]);
  });

  it('skips events that are close enough', async () => {
    const { id } = await makeEvent(organizer);
    await database('events').where({ id }).update({ popularity: 100 });
    await refreshPopularity();
    expect(await rowOf(id)).toMatchObject({ popularity: 0 });
    const buyers = await registerUsers(21);
    for (const buyer of buyers.slice(0, 20)) await book(id, buyer).expect(201);
    await refreshPopularity();
    await book(id, buyers[20]).expect(201);
    await refreshPopularity();
    expect(await rowOf(id)).toMatchObject({ popularity: 20 });
  });
});
