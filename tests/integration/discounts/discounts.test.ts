import { database } from '../../../src/database';
import { anOpenEvent, codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { aDiscount, makeDiscount, validating, type TestDiscount } from '../../helpers/discounts';
import { inHours, makeEvent } from '../../helpers/events';

let organizer: TestUser;
let other: TestUser;
let admin: TestUser;
let customer: TestUser;

beforeAll(async () => {
  organizer = await theOrganizer();
  other = await registerUser({ role: 'organizer' });
  admin = await registerUser({ role: 'admin' });
  customer = await registerUser();
});

const creating = (user: TestUser, fields: Record<string, unknown>) =>
  as(user).post('/api/discounts').send(aDiscount(fields));
const changing = (user: TestUser, id: number, fields: Record<string, unknown>) =>
  as(user).put(`/api/discounts/${id}`).send(fields);

describe('createDiscount', () => {
  describe('201', () => {
    it('returns a percentage as a number, and null for missing limits', async () => {
      const discount = await makeDiscount({ code: 'Spring.20', value: 12.5 });
      expect(discount).toEqual({
        id: expect.any(Number),
        code: 'Spring.20',
        type: 'percentage',
        value: 12.5,
        currency: null,
        eventId: null,
        maxUses: null,
        maxUsesPerUser: null,
        usedCount: 0,
        startsAt: null,
        endsAt: null,
        isActive: true,
      });
      const row: unknown = await database('discounts').where('id', discount.id).first('organizer_id', 'value');
      expect(row).toEqual({ organizer_id: organizer.user.id, value: '12.500' });
    });

    it('returns a fixed amount in the currency of its event', async () => {
      const event = await anOpenEvent({ currency: 'JPY', basePrice: 4500 });
      const [startsAt, endsAt] = [inHours(1), inHours(2)];
      const limits = { eventId: event.id, maxUses: 5, maxUsesPerUser: 2, startsAt, endsAt };
      const discount = await makeDiscount({ type: 'fixed', value: 500, ...limits });
      expect(discount).toMatchObject({ ...limits, type: 'fixed', value: '500', currency: 'JPY' });
    });

    it.each([
      [undefined, '5', 'USD', '5.00'],
      ['eur', 7.5, 'EUR', '7.50'],
      ['KWD', '1.005', 'KWD', '1.005'],
    ])('accepts the currency %s for all events', async (currency, value, shown, amount) => {
      const discount = await makeDiscount({ type: 'fixed', value, currency });
      expect(discount).toMatchObject({ currency: shown, value: amount, eventId: null });
    });

    it('belongs to the event’s organizer if an admin creates it', async () => {
      const event = await anOpenEvent();
      const { id } = await makeDiscount({ eventId: event.id }, admin);
      await as(organizer).get(`/api/discounts/${id}`).expect(200);
    });

    it('allows the same code for two organizers, and again after it was withdrawn', async () => {
      const { id } = await makeDiscount({ code: 'TWICE' });
      await makeDiscount({ code: 'twice' }, other);
      await as(organizer).delete(`/api/discounts/${id}`).expect(204);
      await makeDiscount({ code: 'Twice' });
    });
  });

  it.each([
    ['no code', { code: undefined }],
    ['an empty code', { code: ' ' }],
    ['a code with spaces', { code: 'TEN OFF' }],
    ['a code of 51 letters', { code: 'X'.repeat(51) }],
    ['letters outside ASCII', { code: 'FRÜH' }],
    ['an unknown type', { type: 'gift' }],
    ['a percentage as text', { value: '12.5' }],
    ['uses as text', { maxUses: '5' }],
    ['uses per user as text', { maxUsesPerUser: '5' }],
    ['an event as text', { eventId: '5' }],
    ['no value', { value: undefined }],
    ['a value of zero', { value: 0 }],
    ['a negative value', { value: -5 }],
    ['a negative value in words', { value: '-5' }],
    ['more than 100 percent', { value: 100.001 }],
    ['four decimals', { value: '1.0001' }],
    ['an absurd amount', { type: 'fixed', value: 1e30 }],
    ['decimals that the currency lacks', { type: 'fixed', value: '1.5', currency: 'JPY' }],
    ['an unknown currency', { type: 'fixed', currency: 'XQQ' }],
    ['a percentage with a currency', { currency: 'EUR' }],
    ['no uses', { maxUses: 0 }],
    ['a fraction of a use', { maxUses: 1.5 }],
    ['more uses than int4', { maxUses: 2 ** 31 }],
    ['no uses per user', { maxUsesPerUser: 0 }],
    ['a window that ends before it starts', { startsAt: '2030-01-02T00:00:00Z', endsAt: '2030-01-01T00:00:00Z' }],
    ['an empty window', { startsAt: '2030-01-02T00:00:00Z', endsAt: '2030-01-02T00:00:00Z' }],
    ['a time without an offset', { startsAt: '2030-01-02T00:00:00' }],
    ['a count of uses', { usedCount: 3 }],
    ['an invalid event id', { eventId: 'all' }],
  ])('400 for %s', async (_what, fields) => {
    const answer = await creating(organizer, fields).expect(400);
    expect(codeOf(answer)).toBe('VALIDATION_ERROR');
  });

  it('400 if the event sells in another currency', async () => {
    const event = await anOpenEvent({ currency: 'EUR' });
    await creating(organizer, { type: 'fixed', value: 5, currency: 'USD', eventId: event.id }).expect(400);
  });

  it('403 for another organizer’s event, 404 for their draft and an unknown event', async () => {
    const [event, draft] = [await anOpenEvent(), await anOpenEvent({ status: 'draft' })];
    await creating(other, { eventId: event.id }).expect(403);
    await creating(other, { eventId: draft.id }).expect(404);
    await creating(other, { eventId: 2_000_000_000 }).expect(404);
    await creating(customer, {}).expect(403);
  });

  it('409 for a code that the organizer already has, in upper or lower case', async () => {
    await makeDiscount({ code: 'ONCE' });
    const answer = await creating(organizer, { code: 'once' }).expect(409);
    expect(codeOf(answer)).toBe('DISCOUNT_EXISTS');
  });

  it('409 for all but one of several concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => creating(organizer, { code: 'RACE' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('listDiscounts', () => {
  it('shows organizers their own discounts, newest first, and admins all', async () => {
    const [seller, event] = [await registerUser({ role: 'organizer' }), await anOpenEvent()];
    const mine = [await makeDiscount({}, seller), await makeDiscount({}, seller)];
    const ofEvent = await makeDiscount({ eventId: event.id });
    const idsOf = async (user: TestUser, query = '') => {
      const { body } = (await as(user).get(`/api/discounts${query}`).expect(200)) as { body: { data: TestDiscount[] } };
      return body.data.map(({ id }) => id);
    };
    expect(await idsOf(seller)).toEqual([mine[1]!.id, mine[0]!.id]);
    expect(await idsOf(seller, '?page=2&limit=1')).toEqual([mine[0]!.id]);
    expect(await idsOf(organizer, `?eventId=${event.id}`)).toEqual([ofEvent.id]);
    expect(await idsOf(seller, `?eventId=${event.id}`)).toEqual([]);
    expect((await idsOf(admin)).slice(0, 3)).toEqual([ofEvent.id, mine[1]!.id, mine[0]!.id]);
    await as(customer).get('/api/discounts').expect(403);
  });

  it('filters by usable now, by enabled, and by text in the code', async () => {
    const seller = await registerUser({ role: 'organizer' });
    const make = (fields: Record<string, unknown>) => makeDiscount(fields, seller);
    await make({ code: 'SPRING-NOW' });
    await make({ code: 'SPRING-OFF', isActive: false });
    await make({ code: 'LATER', startsAt: inHours(1) });
    await make({ code: 'OVER', startsAt: inHours(-2), endsAt: inHours(-1) });
    await make({ code: 'GONE', maxUses: 1 });
    const event = await makeEvent(seller, { basePrice: 10 });
    const booking = { eventId: event.id, ticketsCount: 1, discountCode: 'GONE' };
    await as(customer).post('/api/bookings').send(booking).expect(201);
    const codes = async (query: string) => {
      const { body } = await as(seller).get(`/api/discounts?${query}`).expect(200);
      expect(body.pagination.total).toBe(body.data.length);
      return (body.data as TestDiscount[]).map(({ code }) => code);
    };
    expect(await codes('status=active')).toEqual(['SPRING-NOW']);
    expect(await codes('status=inactive')).toEqual(['GONE', 'OVER', 'LATER', 'SPRING-OFF']);
    expect(await codes('isActive=false')).toEqual(['SPRING-OFF']);
    expect(await codes('search=spring')).toEqual(['SPRING-OFF', 'SPRING-NOW']);
    await as(seller).get('/api/discounts?status=used').expect(400);
  });
});

describe('getDiscount, updateDiscount, deleteDiscount', () => {
  it('are only for its organizer and admins', async () => {
    const { id } = await makeDiscount();
    await as(admin).get(`/api/discounts/${id}`).expect(200);
    await as(other).get(`/api/discounts/${id}`).expect(404);
    await changing(other, id, { value: 50 }).expect(404);
    await as(other).delete(`/api/discounts/${id}`).expect(404);
    await as(customer).delete(`/api/discounts/${id}`).expect(403);
    await as(admin).delete(`/api/discounts/${id}`).expect(204);
    await as(organizer).get(`/api/discounts/${id}`).expect(404);
    await changing(organizer, id, { value: 50 }).expect(404);
  });

  it('changes only the fields that were sent', async () => {
    const discount = await makeDiscount({ maxUses: 5 });
    const { body } = (await changing(organizer, discount.id, { isActive: false, maxUsesPerUser: 3 }).expect(200)) as {
      body: { data: TestDiscount };
    };
    expect(body.data).toEqual({ ...discount, isActive: false, maxUsesPerUser: 3 });
  });

  it('changes a percentage to a fixed value in the event’s currency, and back', async () => {
    const event = await anOpenEvent({ currency: 'EUR', basePrice: 10 });
    const { id } = await makeDiscount({ eventId: event.id });
    const fixed = await changing(organizer, id, { type: 'fixed', value: '3.5' }).expect(200);
    expect(fixed.body).toMatchObject({ data: { type: 'fixed', value: '3.50', currency: 'EUR' } });
    const back = await changing(organizer, id, { type: 'percentage', value: 5 }).expect(200);
    expect(back.body).toMatchObject({ data: { type: 'percentage', value: 5, currency: null } });
  });

  it('validates the resulting discount as a whole', async () => {
    const { id } = await makeDiscount({ type: 'fixed', value: 500, currency: 'USD', startsAt: inHours(5) });
    await changing(organizer, id, { type: 'percentage' }).expect(400);
    await changing(organizer, id, { endsAt: inHours(4) }).expect(400);
    await changing(organizer, id, {}).expect(400);
    const foreign = await anOpenEvent({ currency: 'EUR' });
    await changing(organizer, id, { eventId: foreign.id }).expect(400);
    const { id: taken } = await makeDiscount({ code: 'TAKEN' });
    const answer = await changing(organizer, id, { code: 'taken' }).expect(409);
    expect(codeOf(answer)).toBe('DISCOUNT_EXISTS');
    await changing(organizer, taken, { code: 'Taken' }).expect(200);
  });

  it('does not let an admin move it to another organizer', async () => {
    const { id } = await makeDiscount({}, other);
    const event = await anOpenEvent();
    await changing(admin, id, { eventId: event.id }).expect(400);
  });
});

describe('validateDiscount', () => {
  it('returns the amount it takes off, in upper and lower case', async () => {
    const event = await anOpenEvent({
      currency: 'EUR',
      taxRate: 10,
      taxInclusive: false,
      ticketTypes: [
        { name: 'A', price: '19.99' },
        { name: 'B', price: '5' },
      ],
    });
    const [a, b] = event.ticketTypes;
    const { code } = await makeDiscount({ code: 'LOWER', value: 33 });
    const items = [
      { ticketTypeId: a!.id, quantity: 1 },
      { ticketTypeId: b!.id, quantity: 1 },
      { ticketTypeId: a!.id, quantity: 2 },
    ];
    const { body } = await validating(customer, event.id, { code: ` ${code.toLowerCase()} `, items }).expect(200);
    // 59.97 − 19.79 = 40.18, and 5.00 − 1.65 = 3.35; tax 4.02 and 0.34.
    expect((body as { data: unknown }).data).toEqual({
      code,
      eventId: event.id,
      type: 'percentage',
      value: 33,
      currency: 'EUR',
      subtotal: '64.97',
      discountAmount: '21.44',
      tax: '4.36',
      totalAmount: '47.89',
    });
    const bare = await validating(customer, event.id, { code }).expect(200);
    expect(bare.body).toMatchObject({ data: { subtotal: null, discountAmount: null, totalAmount: null } });
  });

  it('assumes one ticket by default', async () => {
    const event = await anOpenEvent({ basePrice: '10.00' });
    const { code } = await makeDiscount({ type: 'fixed', value: 25 });
    const { body } = await validating(customer, event.id, { code }).expect(200);
    expect(body).toMatchObject({ data: { subtotal: '10.00', discountAmount: '10.00', totalAmount: '0.00' } });
  });

  it('400 for types of another event, 404 for an unknown event and another organizer’s draft', async () => {
    const [event, elsewhere] = [await anOpenEvent(), await anOpenEvent({ status: 'draft' })];
    const { code } = await makeDiscount();
    const items = [{ ticketTypeId: elsewhere.ticketTypes[0]!.id, quantity: 1 }];
    await validating(customer, event.id, { code, items }).expect(400);
    await validating(customer, event.id, { code: 5 }).expect(400);
    await validating(customer, event.id, { code, items: [] }).expect(400);
    await validating(customer, elsewhere.id, { code }).expect(404);
    await validating(customer, 2_000_000_000, { code }).expect(404);
  });
});
