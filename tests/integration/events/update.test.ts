import { database, runInTransaction } from '../../../src/database';
import { lockSale } from '../../../src/services/inventory/lock-sale';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { HOUR_MS, inHours, makeEvent } from '../../helpers/events';

let organizer: TestUser;
let customer: TestUser;

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  customer = await registerUser();
});

const put = (id: number, fields: object) => as(organizer).put(`/api/events/${id}`).send(fields);
const messagesOf = (eventId: number) =>
  database('outbox_messages')
    .whereRaw("payload ->> 'eventId' = ?", [String(eventId)])
    .orderBy('id')
    .select('topic', 'payload', 'request_id');
const rowOf = (id: number) => database('events').where({ id }).first();
const book = (id: number, ticketsCount = 1, user = customer) =>
  as(user).post('/api/bookings').send({ eventId: id, ticketsCount });

describe('updateEvent', () => {
  describe('200', () => {
    it('changes only the given fields', async () => {
      const { id } = await makeEvent(organizer, {
        description: 'Before',
        tags: ['a'],
        totalTickets: 5,
        metadata: { a: 1 },
      });
      const { body, headers } = await put(id, { title: 'After', location: 'New hall', tags: [], category: 'x' }).expect(
        200,
      );
      expect(body.data).toMatchObject({
        title: 'After',
        venueName: 'New hall',
        description: 'Before',
        tags: [],
        category: 'x',
        totalTickets: 5,
        metadata: { a: 1 },
      });
      expect((await anonymous.get(`/api/events/${id}`).expect(200)).body.data).toEqual(body.data);
      expect(headers.etag).toMatch(/^"\d+-/);
    });

    it('removes texts with null or an empty string', async () => {
      const { id } = await makeEvent(organizer, { description: 'd', category: 'c', venueName: 'v', venueAddress: 'a' });
      const { body } = await put(id, { description: null, category: '', venueName: null, venueAddress: '' }).expect(
        200,
      );
      expect(body.data).toMatchObject({ description: null, category: null, venueName: null, venueAddress: null });
    });

    it('moves the end with the start if only the start is given', async () => {
      const { id } = await makeEvent(organizer, { startDate: inHours(48), endDate: inHours(53) });
      const { body } = await put(id, { date: inHours(72) }).expect(200);
      expect(Date.parse(body.data.endDate as string) - Date.parse(body.data.startDate as string)).toBe(5 * HOUR_MS);
    });

    it('notifies bookers of changes to a public event', async () => {
      const { id } = await makeEvent(organizer, { status: 'draft', title: 'A' });
      await put(id, { title: 'B' }).expect(200);
      await put(id, { status: 'published' }).expect(200);
      expect(await messagesOf(id)).toEqual([]);
      const { headers } = await put(id, { title: 'C', totalTickets: 50, startDate: inHours(900) }).expect(200);
      const [message, ...others] = await messagesOf(id);
      expect(others).toEqual([]);
      expect(message).toMatchObject({
        topic: 'event.updated',
        payload: { eventId: id },
        request_id: headers['x-request-id'],
      });
      expect((message as { payload: { changed: string[] } }).payload.changed.toSorted()).toEqual([
        'endDate',
        'startDate',
        'title',
        'totalTickets',
      ]);
    });

    it('does nothing if all values are the same', async () => {
      const fields = {
        title: 'Same',
        basePrice: '10',
        tags: ['a', 'b'],
        refundPolicy: { thenPercent: 5, fullUntilHours: 1 },
        startDate: inHours(50),
        totalTickets: 9,
      };
      const { id } = await makeEvent(organizer, fields);
      const { version } = await rowOf(id);
      await put(id, { ...fields, basePrice: 10 }).expect(200);
      expect(await rowOf(id)).toMatchObject({ version });
      expect(await messagesOf(id)).toEqual([]);
    });

    it('updates the default ticket type with price and quantity', async () => {
      const { id } = await makeEvent(organizer, { totalTickets: 5 });
      const { body } = await put(id, { basePrice: 7.5, totalTickets: 8 }).expect(200);
      expect(body.data).toMatchObject({
        isFree: false,
        basePrice: '7.50',
        availableTickets: 8,
        ticketTypes: [{ price: '7.50', quantity: 8, quantityAvailable: 8 }],
      });
      expect(await rowOf(id)).toMatchObject({ min_price: '7.500', max_price: '7.500', is_free: false });
      const unlimited = await put(id, { totalTickets: null, basePrice: 0, isFree: true }).expect(200);
      expect(unlimited.body.data).toMatchObject({ isFree: true, totalTickets: null, availableTickets: null });
    });

    it('publishes a draft', async () => {
      const { id } = await makeEvent(organizer, { status: 'draft' });
      await anonymous.get(`/api/events/${id}`).expect(404);
      const { body } = await put(id, { status: 'published' }).expect(200);
      expect(body.data.status).toBe('published');
      expect(await rowOf(id)).toMatchObject({ status: 'published', published_at: expect.any(Date) });
      await anonymous.get(`/api/events/${id}`).expect(200);
    });

    it('works for an admin', async () => {
      const { id } = await makeEvent(organizer);
      const admin = await registerUser({ role: 'admin' });
      await as(admin).put(`/api/events/${id}`).send({ title: 'By an admin' }).expect(200);
    });

    it.each([
      ['startDate', { startDate: inHours(800) }, true],
      ['endDate', { endDate: inHours(723) }, true],
      ['venueName', { venueName: 'Elsewhere' }, true],
      ['venueAddress', { venueAddress: 'Elsewhere' }, true],
      ['title', { title: 'New' }, false],
      ['totalTickets', { totalTickets: 500 }, false],
    ])('reopens cancellation when the time or place changes: %s', async (_name, fields, isReopened) => {
      const { id } = await makeEvent(organizer);
      await put(id, fields).expect(200);
      expect((await rowOf(id)).rescheduled_at).toEqual(isReopened ? expect.any(Date) : null);
    });

    it('treats bookings made while the change waits as made before it', async () => {
      const { id } = await makeEvent(organizer);
      await book(id).expect(201);
      await put(id, { venueName: 'Elsewhere' }).expect(200);
      const { created_at: bookedAt } = await database('bookings').where({ event_id: id }).first();
      expect((await rowOf(id)).rescheduled_at.getTime()).toBeGreaterThan(bookedAt.getTime());
    });
  });

  it.each([
    ['an empty body', {}, ''],
    ['an id', { id: 5 }, 'id'],
    ['availableTickets', { availableTickets: 5 }, 'availableTickets'],
    ['ticketTypes', { ticketTypes: [] }, 'ticketTypes'],
    ['no title', { title: null }, 'title'],
    ['a start in the past', { startDate: inHours(-1) }, 'startDate'],
    ['an end in the past', { endDate: inHours(-1) }, 'endDate'],
    ['an end before the start', { endDate: inHours(1) }, 'endDate'],
    ['a return to draft', { status: 'draft' }, 'status'],
    ['a cancellation through status', { status: 'cancelled' }, 'status'],
    ['a wrong isFree', { isFree: false }, 'isFree'],
    ['an isFree that contradicts the price', { isFree: true, basePrice: 1 }, 'isFree'],
    ['too many decimals', { basePrice: '0.001' }, 'basePrice'],
    ['both names of the start', { date: inHours(9), startDate: inHours(9) }, 'startDate'],
  ])('400 for %s', async (_what, fields, path) => {
    const { id } = await makeEvent(organizer);
    const before = await rowOf(id);
    const { body } = await put(id, fields).expect(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [expect.objectContaining({ path })] });
    expect(await rowOf(id)).toEqual(before);
    expect(await messagesOf(id)).toEqual([]);
  });

  it('400 if the price has more decimals than the new currency', async () => {
    const { id } = await makeEvent(organizer, { basePrice: '1.50' });
    await put(id, { currency: 'JPY' }).expect(400);
    await put(id, { currency: 'JPY', basePrice: 2 }).expect(200);
    const typed = await makeEvent(organizer, { ticketTypes: [{ name: 'A', price: '2.50' }] });
    await put(typed.id, { currency: 'JPY' }).expect(400);
  });

  it('400 when publishing an event whose start has passed', async () => {
    const { id } = await makeEvent(organizer, { status: 'draft' });
    await database('events')
      .where({ id })
      .update({ starts_at: new Date(Date.now() - HOUR_MS), ends_at: new Date(Date.now() + HOUR_MS) });
    await put(id, { title: 'Still editable' }).expect(200);
    await put(id, { status: 'published' }).expect(400);
    await put(id, { status: 'published', startDate: inHours(5) }).expect(200);
  });

  describe('403, 404', () => {
    it('refuses everybody except its organizer and admins', async () => {
      const { id } = await makeEvent(organizer);
      const draft = await makeEvent(organizer, { status: 'draft' });
      const another = await registerUser({ role: 'organizer' });
      await as(another).put(`/api/events/${id}`).send({ title: 'Mine' }).expect(403);
      await as(another).put(`/api/events/${draft.id}`).send({ title: 'Mine' }).expect(404);
      await as(customer).put(`/api/events/${id}`).send({ title: 'Mine' }).expect(403);
      await anonymous.put(`/api/events/${id}`).send({ title: 'Mine' }).expect(401);
      await as(organizer).put('/api/events/2147483647').send({ title: 'Nobody’s' }).expect(404);
      expect((await rowOf(id)).title).not.toBe('Mine');
    });
  });

  describe('409', () => {
    it('EVENT_CLOSED once it is cancelled, completed or over', async () => {
      const cancelled = await makeEvent(organizer);
      await as(organizer).post(`/api/events/${cancelled.id}/cancel`).send({ confirm: true }).expect(202);
      const completed = await makeEvent(organizer);
      await database('events').where({ id: completed.id }).update({ status: 'completed', completed_at: new Date() });
      const over = await makeEvent(organizer);
      await database('events')
        .where({ id: over.id })
        .update({ starts_at: new Date(Date.now() - 2 * HOUR_MS), ends_at: new Date(Date.now() - 1000) });
      for (const { id } of [cancelled, completed, over]) {
        for (const fields of [{ title: 'x' }, { totalTickets: 4 }]) {
          const { body } = await put(id, fields).expect(409);
          expect(body.error.code).toBe('EVENT_CLOSED');
        }
      }
    });

    it('CAPACITY_BELOW_BOOKED below the sold and held tickets', async () => {
      const { id } = await makeEvent(organizer, { totalTickets: 10 });
      await book(id, 4).expect(201);
      const { body } = await put(id, { totalTickets: 3, title: 'Smaller' }).expect(409);
      expect(body.error).toMatchObject({ code: 'CAPACITY_BELOW_BOOKED' });
      expect((await rowOf(id)).title).toBe('Jazz on the Quay');
      const exact = await put(id, { totalTickets: 4 }).expect(200);
      expect(exact.body.data.availableTickets).toBe(0);
    });

    it('EVENT_HAS_BOOKINGS when changing the currency', async () => {
      const { id } = await makeEvent(organizer);
      await book(id).expect(201);
      const { body } = await put(id, { currency: 'EUR' }).expect(409);
      expect(body.error.code).toBe('EVENT_HAS_BOOKINGS');
      await put(id, { currency: 'USD' }).expect(200);
    });
  });

  describe('412', () => {
    it('for the ETag of another version, but not for a change of availability', async () => {
      const { id } = await makeEvent(organizer, { totalTickets: 10 });
      const { headers } = await anonymous.get(`/api/events/${id}`).expect(200);
      const etag = headers.etag!;
      await book(id).expect(201);
      await put(id, { title: 'First' }).set('If-Match', etag).expect(200);
      const { body } = await put(id, { title: 'Second' }).set('If-Match', etag).expect(412);
      expect(body.error.code).toBe('PRECONDITION_FAILED');
      await put(id, { title: 'Second' }).set('If-Match', '"nonsense"').expect(412);
      expect((await rowOf(id)).title).toBe('First');
      await put(id, { title: 'Third' }).set('If-Match', '*').expect(200);
      const now = (await anonymous.get(`/api/events/${id}`).expect(200)).headers.etag!;
      await put(id, { title: 'Fourth' }).set('If-Match', `"1-x", W/${now}`).expect(200);
    });

    it('lets one of several requests with the same ETag succeed', async () => {
      const { id } = await makeEvent(organizer);
      const etag = (await anonymous.get(`/api/events/${id}`)).headers.etag!;
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => put(id, { title: `Title ${i}` }).set('If-Match', etag)),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
    });
  });

  it('offers new tickets to the waitlist first', async () => {
    const { id } = await makeEvent(organizer, { totalTickets: 1 });
    await book(id).expect(201);
    const waiting = await registerUser();
    await as(waiting).post('/api/waitlist/join').send({ eventId: id, ticketsCount: 2 }).expect(201);
    const { body } = await put(id, { totalTickets: 4 }).expect(200);
    expect(body.data.availableTickets).toBe(1);
    expect(await database('waitlist_entries').where({ event_id: id }).first()).toMatchObject({
      status: 'offered',
      offered_count: 2,
    });
    expect(await database('event_inventory').where({ event_id: id }).first()).toMatchObject({
      capacity: 4,
      sold: 1,
      held: 2,
    });
  });

  describe('during a sale', () => {
    // Waits until a transaction waits for a row lock.
    async function untilSomebodyWaits(): Promise<void> {
      for (;;) {
        const { rows } = await database.raw<{ rows: unknown[] }>(
          "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        if (rows.length > 0) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    it.each([
      ['totalTickets', { totalTickets: 40 }],
      ['basePrice', { basePrice: 5 }],
      ['startDate', { startDate: inHours(100) }],
      ['maxPerUser', { maxPerUser: 2 }],
    ])('waits for running bookings to change %s', async (_name, fields) => {
      const { id } = await makeEvent(organizer, { totalTickets: 50 });
      let isAnswered = false;
      let request: Promise<unknown> | undefined;
      await runInTransaction(async (trx) => {
        await lockSale(trx, id);
        request = put(id, fields)
          .expect(200)
          .then(() => (isAnswered = true));
        await untilSomebodyWaits();
        expect(isAnswered).toBe(false);
      });
      await request;
    });

    it('does not wait for them to change texts', async () => {
      const { id } = await makeEvent(organizer);
      await runInTransaction(async (trx) => {
        await lockSale(trx, id);
        await put(id, { title: 'Text', description: 'More', category: 'c', tags: ['t'], metadata: { a: 1 } }).expect(
          200,
        );
      });
    });

    it('never oversells, whatever the capacity is changed to', async () => {
      const { id } = await makeEvent(organizer, { totalTickets: 10 });
      const buyers = await registerUsers(40);
      const sizes = [20, 5, 15, 12, 25, 8];
      const answers = await Promise.all([
        ...buyers.map((buyer) => book(id, 1, buyer).then(({ status }) => status)),
        ...sizes.map((totalTickets) => put(id, { totalTickets }).then(({ status }) => status)),
      ]);
      expect(answers.every((status) => [200, 201, 409].includes(status))).toBe(true);
      const inventory = await database('event_inventory').where({ event_id: id }).first();
      const booked = answers.filter((status) => status === 201).length;
      expect(inventory.sold).toBe(booked);
      expect(inventory.sold).toBeLessThanOrEqual(inventory.capacity);
      expect(await database('bookings').where({ event_id: id, status: 'confirmed' })).toHaveLength(booked);
    });
  });
});
