import { config } from '../../../src/config';
import { database } from '../../../src/database';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { inHours, makeEvent } from '../../helpers/events';

let organizer: TestUser;
let customer: TestUser;

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  customer = await registerUser();
});

const full = {
  title: '  Jazz on the Quay ',
  description: 'Three trios.',
  category: 'Music',
  tags: ['jazz', 'open air'],
  venueName: 'Pier 4',
  venueAddress: 'Harbor Road 1',
  startDate: '2031-06-21T20:00:00+02:00',
  endDate: '2031-06-21T23:30:00+02:00',
  timezone: 'Europe/Istanbul',
  totalTickets: 100,
  basePrice: '25.5',
  currency: 'eur',
  taxRate: 7.5,
  taxInclusive: false,
  cancellationWindowHours: 48,
  refundPolicy: { fullUntilHours: 72, thenPercent: 50 },
  maxPerUser: 4,
  allowMultipleBookings: true,
  metadata: { stage: { meters: 12 } },
};

describe('createEvent', () => {
  describe('201', () => {
    it('returns everything that was sent, and stores it with its inventory', async () => {
      const { body } = await as(organizer).post('/api/events').send(full).expect(201);
      expect(body.data).toMatchObject({
        ...full,
        title: 'Jazz on the Quay',
        startDate: '2031-06-21T18:00:00.000Z',
        endDate: '2031-06-21T21:30:00.000Z',
        basePrice: '25.50',
        currency: 'EUR',
        status: 'published',
        isFree: false,
        availableTickets: 100,
        coverImageUrl: null,
        organizerId: organizer.user.id,
        organizer: { id: organizer.user.id, firstName: 'Ada', lastName: 'Lovelace' },
      });
      const row = await database('events').where({ id: body.data.id }).first();
      expect(row).toMatchObject({
        organizer_id: organizer.user.id,
        base_price: '25.500',
        min_price: '25.500',
        max_price: '25.500',
        is_tax_inclusive: false,
        published_at: expect.any(Date),
      });
      expect(await database('event_inventory').where({ event_id: body.data.id }).first()).toMatchObject({
        capacity: 100,
        sold: 0,
        held: 0,
      });
    });

    it('accepts the short names of fields, and fills in defaults', async () => {
      const { body } = await as(organizer)
        .post('/api/events')
        .send({
          title: 'Talk',
          description: 'Words',
          date: '2031-01-01T10:00:00Z',
          location: 'Town hall',
          totalTickets: 100,
        })
        .expect(201);
      expect(body.data).toMatchObject({
        startDate: '2031-01-01T10:00:00.000Z',
        endDate: '2031-01-01T12:00:00.000Z',
        venueName: 'Town hall',
        venueAddress: null,
        category: null,
        tags: [],
        timezone: 'UTC',
        basePrice: '0.00',
        currency: 'USD',
        isFree: true,
        taxRate: 0,
        taxInclusive: true,
        cancellationWindowHours: null,
        refundPolicy: null,
        maxPerUser: null,
        allowMultipleBookings: false,
        metadata: {},
      });
    });

    it('creates a default ticket type that follows the event’s price and quantity', async () => {
      const { id, ticketTypes } = await makeEvent(organizer, { totalTickets: 7, basePrice: 12 });
      expect(ticketTypes).toEqual([
        expect.objectContaining({
          eventId: id,
          name: 'General admission',
          price: '12.00',
          quantity: 7,
          quantityAvailable: 7,
          minPerBooking: 1,
          maxPerBooking: null,
        }),
      ]);
      expect(await database('ticket_types').where({ event_id: id }).first()).toMatchObject({
        is_default: true,
        price: '12.000',
      });
      expect(
        await database('ticket_type_inventory').where({ ticket_type_id: ticketTypes[0]!.id }).first(),
      ).toMatchObject({ capacity: null });
    });

    it('creates the given ticket types; both limits apply', async () => {
      const { id, ticketTypes } = await makeEvent(organizer, {
        totalTickets: 10,
        basePrice: '5.00',
        ticketTypes: [
          { name: 'Floor', price: 20, quantity: 30, maxPerBooking: 2 },
          { name: 'Standing' },
          { name: 'Box', price: '0', quantity: 4, salesStart: inHours(1), salesEnd: inHours(5) },
        ],
      });
      expect(
        ticketTypes.map(({ name, price, quantity, quantityAvailable }) => [name, price, quantity, quantityAvailable]),
      ).toEqual([
        ['Floor', '20.00', 30, 10],
        ['Standing', '5.00', null, 10],
        ['Box', '0.00', 4, 0],
      ]);
      expect(await database('events').where({ id }).first()).toMatchObject({
        min_price: '0.000',
        max_price: '20.000',
        is_free: false,
      });
    });

    it.each([
      ['JPY', 1500, '1500'],
      ['KWD', '1.255', '1.255'],
      ['EUR', '0.1', '0.10'],
    ])('writes amounts with the decimals of %s', async (currency, basePrice, shown) => {
      const { body } = await as(organizer)
        .post('/api/events')
        .send({ title: 'T', startDate: inHours(48), currency, basePrice })
        .expect(201);
      expect(body.data.basePrice).toBe(shown);
    });

    it('is unlimited without totalTickets', async () => {
      const event = await makeEvent(organizer);
      expect(event).toMatchObject({ totalTickets: null, availableTickets: null });
      expect(event.ticketTypes[0]).toMatchObject({ quantity: null, quantityAvailable: null });
    });

    it('accepts isFree if it is true', async () => {
      await makeEvent(organizer, { isFree: true });
      await makeEvent(organizer, { isFree: false, basePrice: '1.00' });
    });

    it('works for an admin', async () => {
      await makeEvent(await registerUser({ role: 'admin' }));
    });
  });

  it.each([
    ['no title', { title: undefined }, 'title'],
    ['a blank title', { title: '   ' }, 'title'],
    ['a title with a NUL', { title: 'a\0b' }, 'title'],
    ['half a surrogate', { title: 'a\ud800' }, 'title'],
    ['no start', { startDate: undefined }, 'startDate'],
    ['both names of the start', { date: inHours(5) }, 'startDate'],
    ['both names of the venue', { venueName: 'a', location: 'b' }, 'venueName'],
    ['a start without an offset', { startDate: '2031-01-01T10:00:00' }, 'startDate'],
    ['a start in the past', { startDate: inHours(-1) }, 'startDate'],
    ['a start that is not a time', { startDate: 'soon' }, 'startDate'],
    ['an end before the start', { endDate: inHours(2) }, 'endDate'],
    ['an end in the year 10000', { startDate: '9999-12-31T23:30:00Z' }, 'endDate'],
    ['a fraction of a ticket', { totalTickets: 0.5 }, 'totalTickets'],
    ['a number in words', { totalTickets: '100' }, 'totalTickets'],
    ['more tickets than int4', { totalTickets: 2 ** 31 }, 'totalTickets'],
    ['a negative number of tickets', { totalTickets: -1 }, 'totalTickets'],
    ['a negative price', { basePrice: -1 }, 'basePrice'],
    ['a price that is not an amount', { basePrice: '1e3' }, 'basePrice'],
    ['too many decimals', { basePrice: '1.005' }, 'basePrice'],
    ['decimals in yen', { basePrice: '1.5', currency: 'JPY' }, 'basePrice'],
    ['an unknown currency', { currency: 'QQQ' }, 'currency'],
    ['an unknown time zone', { timezone: 'Mars/Base' }, 'timezone'],
    ['an offset in place of a time zone', { timezone: '+03:00' }, 'timezone'],
    ['a wrong isFree', { isFree: true, basePrice: 5 }, 'isFree'],
    ['a status that cannot be set', { status: 'cancelled' }, 'status'],
    ['a tax rate over 100', { taxRate: 101 }, 'taxRate'],
    ['an incomplete refund policy', { refundPolicy: { fullUntilHours: 24 } }, 'refundPolicy.thenPercent'],
    [
      'deeply nested metadata',
      { metadata: JSON.parse(`${'{"a":'.repeat(11)}1${'}'.repeat(11)}`) as object },
      'metadata',
    ],
    ['a line break in the venue', { venueName: 'Hall\r\nBcc: all' }, 'venueName'],
    ['a direction override in the venue', { location: 'Old \u202ellaH' }, 'location'],
    ['an invisible letter in the category', { category: 'mu\u200bsic' }, 'category'],
    ['a line break in the category', { category: 'music\nfree' }, 'category'],
    ['a control character in a tag', { tags: ['jazz', 'ja\u0007zz'] }, 'tags.1'],
    ['a direction override in the address', { venueAddress: '1 Market Square\n\u202eanneiV' }, 'venueAddress'],
    ['an escape in the address', { venueAddress: '1 Market Square\u001b[2J' }, 'venueAddress'],
    ['a NUL in metadata', { metadata: { a: ['\0'] } }, 'metadata'],
    ['too much metadata', { metadata: { a: 'x'.repeat(20_000) } }, 'metadata'],
    ['metadata that is a list', { metadata: [1] }, 'metadata'],
    ['an id', { id: 5 }, 'id'],
    ['availableTickets', { availableTickets: 5 }, 'availableTickets'],
    ['an organizer', { organizerId: 1 }, 'organizerId'],
    ['a ticket type without a name', { ticketTypes: [{ price: 1 }] }, 'ticketTypes.0.name'],
    ['a ticket type with an id', { ticketTypes: [{ id: 1, name: 'A' }] }, 'ticketTypes.0.id'],
    [
      'a ticket type with too many decimals',
      {
        ticketTypes: [
          { name: 'A', price: 1 },
          { name: 'B', price: '0.001' },
        ],
      },
      'ticketTypes.1.price',
    ],
    [
      'a ticket type with maximum under minimum',
      { ticketTypes: [{ name: 'A', minPerBooking: 3, maxPerBooking: 2 }] },
      'ticketTypes.0.maxPerBooking',
    ],
    [
      'a sale that ends before it begins',
      { ticketTypes: [{ name: 'A', salesStart: inHours(3), salesEnd: inHours(2) }] },
      'ticketTypes.0.salesEnd',
    ],
  ])('400 for %s', async (_what, fields, path) => {
    const before = await database('events').count();
    const { body } = await as(organizer)
      .post('/api/events')
      .send({ title: 'T', startDate: inHours(24), ...fields })
      .expect(400);
    expect(body.error).toMatchObject({ code: 'VALIDATION_ERROR', details: [expect.objectContaining({ path })] });
    expect(await database('events').count()).toEqual(before);
  });

  it('400 with one error for each invalid field', async () => {
    const wrong = { title: 'T', startDate: '2030-02-30', currency: 'euros', timezone: 'x'.repeat(70) };
    const { body } = await as(organizer).post('/api/events').send(wrong).expect(400);
    const paths = (body.error.details as { path: string }[]).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(['currency', 'startDate', 'timezone']);
  });

  describe('401, 403', () => {
    it('refuses anonymous callers and customers', async () => {
      await anonymous.post('/api/events').send(full).expect(401);
      const { body } = await as(customer).post('/api/events').send(full).expect(403);
      expect(body.error.code).toBe('FORBIDDEN');
    });

    describe('if publishing requires a verified address', () => {
      beforeAll(() => void (config.requireVerifiedEmail = true));
      afterAll(() => void (config.requireVerifiedEmail = false));

      it('allows unverified organizers to save drafts, but not to publish', async () => {
        const unverified = await registerUser({ role: 'organizer', isVerified: false });
        const { body } = await as(unverified).post('/api/events').send(full).expect(403);
        expect(body.error).toMatchObject({
          code: 'EMAIL_NOT_VERIFIED',
          message: expect.stringMatching(/[Vv]erify your email/),
        });
        const draft = await makeEvent(unverified, { status: 'draft' });
        await as(unverified).put(`/api/events/${draft.id}`).send({ title: 'Still a draft' }).expect(200);
        await as(unverified)
          .put(`/api/events/${draft.id}`)
          .send({ status: 'published' })
          .expect(403)
          .expect(({ body: refused }) => {
            expect(refused.error.code).toBe('EMAIL_NOT_VERIFIED');
          });
        await database('users').where({ id: unverified.user.id }).update({ email_verified_at: new Date() });
        await as(unverified).put(`/api/events/${draft.id}`).send({ status: 'published' }).expect(200);
      });
    });
  });

  it('creates one event for a repeated request', async () => {
    const send = (fields: object) =>
      as(organizer)
        .post('/api/events')
        .set('Idempotency-Key', 'once')
        .send({ ...full, ...fields });
    const first = await send({ title: 'Only once' }).expect(201);
    const second = await send({ title: 'Only once' }).expect(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await database('events').where({ title: 'Only once' })).toHaveLength(1);
    await send({ title: 'Something else' }).expect(422);
  });
});

describe('getEvent', () => {
  it('shows everybody a published event, with its ticket types and without email addresses', async () => {
    const { id } = await makeEvent(organizer);
    const { body, text } = await anonymous.get(`/api/events/${id}`).expect(200);
    expect(body.data).toMatchObject({ id, ticketTypes: [{ name: 'General admission' }] });
    expect(text).not.toContain(organizer.user.email);
  });

  it('hides a draft from others', async () => {
    const { id } = await makeEvent(organizer, { status: 'draft' });
    const another = await registerUser({ role: 'organizer' });
    await anonymous.get(`/api/events/${id}`).expect(404);
    await as(customer).get(`/api/events/${id}`).expect(404);
    await as(another).get(`/api/events/${id}`).expect(404);
    await as(organizer).get(`/api/events/${id}`).expect(200);
    await as(await registerUser({ role: 'admin' }))
      .get(`/api/events/${id}`)
      .expect(200);
  });

  it.each(['0', '-1', '1.5', 'abc', '2147483648', '99999999999999999999', '%00'])('400 for the id %s', async (id) => {
    await anonymous.get(`/api/events/${id}`).expect(400);
  });

  it('404 for an unknown id', async () => {
    await anonymous.get('/api/events/2147483647').expect(404);
  });

  it('returns 304 until the event or its availability changes', async () => {
    const { id } = await makeEvent(organizer, { totalTickets: 10 });
    const first = await anonymous.get(`/api/events/${id}`).expect(200);
    const etag = first.headers.etag!;
    const again = await anonymous.get(`/api/events/${id}`).set('If-None-Match', etag).expect(304);
    expect(again.text).toBe('');
    await as(customer).post('/api/bookings').send({ eventId: id, ticketsCount: 2 }).expect(201);
    const booked = await anonymous.get(`/api/events/${id}`).set('If-None-Match', etag).expect(200);
    expect(booked.body.data.availableTickets).toBe(8);
    expect(booked.headers.etag!.split('-')[0]).toBe(etag.split('-')[0]);
    await as(organizer).put(`/api/events/${id}`).send({ title: 'Renamed' }).expect(200);
    const renamed = await anonymous.get(`/api/events/${id}`).set('If-None-Match', booked.headers.etag!).expect(200);
    expect(renamed.headers.etag!.split('-')[0]).not.toBe(etag.split('-')[0]);
  });
});
