import { database } from '../../../src/database';
import { codeOf, registerUser, type TestUser } from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import {
  makeShippingOption,
  makeTaxRate,
  theAdmin,
  type TestShippingOption,
  type TestTaxRate,
} from '../../helpers/store';

let admin: TestUser;
beforeAll(async () => {
  admin = await theAdmin();
});

const adding = (path: 'tax-rates' | 'shipping-options', fields: Record<string, unknown>) =>
  as(admin).post(`/api/admin/${path}`).send(fields);
const actionsOn = (subjectId: number): Promise<string[]> =>
  database('audit_entries').where({ subject_id: subjectId, actor_id: admin.user.id }).orderBy('id').pluck('action');

describe('tax rates', () => {
  it('are created, changed and deleted by admins, and recorded', async () => {
    const rate = await makeTaxRate({ country: 'us', region: 'New York', rate: 8.875 });
    expect(rate).toMatchObject({ country: 'US', region: 'New York', rate: 8.875 });
    const path = `/api/admin/tax-rates/${rate.id}`;
    const { body } = await as(admin).put(path).send({ rate: 9, region: '' }).expect(200);
    expect(body).toMatchObject({ data: { id: rate.id, country: 'US', region: null, rate: 9 } });
    expect((await as(admin).get(path).expect(200)).body).toMatchObject({ data: { rate: 9 } });
    await as(admin).delete(path).expect(204);
    await as(admin).get(path).expect(404);
    await as(admin).put(path).send({ rate: 1 }).expect(404);
    await as(admin).delete(path).expect(404);
    expect(await actionsOn(rate.id)).toEqual(['tax_rate.create', 'tax_rate.update', 'tax_rate.delete']);
    const details: unknown[] = await database('audit_entries')
      .where({ action: 'tax_rate.update', subject_id: rate.id })
      .pluck('details');
    expect(details).toEqual([{ rate: { from: 8.875, to: 9 }, region: { from: 'New York', to: null } }]);
  });

  it('are listed by country and region', async () => {
    for (const region of ['Tyrol', null, 'Carinthia']) await makeTaxRate({ country: 'AT', region, rate: 20 });
    await makeTaxRate({ country: 'DE', rate: 19 });
    const list = async (query: string) => {
      const { body } = await as(admin).get(`/api/admin/tax-rates?${query}`).expect(200);
      return body as { data: TestTaxRate[]; pagination: { total: number } };
    };
    const { data, pagination } = await list('country=at');
    expect(data.map(({ region }) => region)).toEqual([null, 'Carinthia', 'Tyrol']);
    expect(pagination.total).toBe(3);
    expect((await list('page=2&limit=3')).data).toHaveLength((await list('')).pagination.total - 3);
  });

  it('409 for a place that has one, in any case', async () => {
    await makeTaxRate({ country: 'CH', rate: 8.1 });
    const { id } = await makeTaxRate({ country: 'CH', region: 'Valais', rate: 8.1 });
    expect(codeOf(await adding('tax-rates', { country: 'CH', rate: 5 }).expect(409))).toBe('TAX_RATE_EXISTS');
    await adding('tax-rates', { country: 'CH', region: 'VALAIS', rate: 5 }).expect(409);
    await as(admin).put(`/api/admin/tax-rates/${id}`).send({ region: null }).expect(409);
  });

  it.each([
    ['no country', { rate: 5 }],
    ['no rate', { country: 'FR' }],
    ['a rate in words', { country: 'FR', rate: '5' }],
    ['more than everything', { country: 'FR', rate: 100.001 }],
    ['less than nothing', { country: 'FR', rate: -1 }],
    ['an unknown country', { country: 'XX', rate: 5 }],
    ['an unknown field', { country: 'FR', rate: 5, currency: 'EUR' }],
  ])('400 for %s', async (_what, fields) => {
    expect(codeOf(await adding('tax-rates', fields).expect(400))).toBe('VALIDATION_ERROR');
  });
});

describe('shipping options', () => {
  const publicNames = async (query = ''): Promise<string[]> => {
    const { body } = await anonymous.get(`/api/shipping-options${query}`).expect(200);
    return (body as { data: TestShippingOption[] }).data.map(({ name }) => name);
  };

  it('are public, the cheapest first, by country, as soon as they change', async () => {
    const fields = { countries: ['FR', 'ES', 'FR'], currency: 'eur', freeFrom: 50, maxWeightGrams: 2000 };
    const post = await makeShippingOption({ name: 'Post', price: 9, ...fields });
    expect(post).toMatchObject({
      name: 'Post',
      countries: ['ES', 'FR'],
      price: '9.00',
      currency: 'EUR',
      freeFrom: '50.00',
      maxWeightGrams: 2000,
    });
    const { id } = await makeShippingOption({ name: 'Bicycle', countries: ['FR'], price: '4.5' });
    expect(await publicNames('?country=fr')).toEqual(['Bicycle', 'Post']);
    expect(await publicNames('?country=ES')).toEqual(['Post']);
    expect(await publicNames('?country=NO')).toEqual([]);
    const { body } = await as(admin)
      .put(`/api/admin/shipping-options/${id}`)
      .send({ price: '12', countries: ['NO'] })
      .expect(200);
    expect(body).toMatchObject({ data: { price: '12.00', currency: null, freeFrom: null, countries: ['NO'] } });
    expect(await publicNames('?country=NO')).toEqual(['Bicycle']);
    await as(admin).delete(`/api/admin/shipping-options/${id}`).expect(204);
    expect(await publicNames('?country=NO')).toEqual([]);
    expect(await actionsOn(id)).toEqual(
      expect.arrayContaining(['shipping_option.create', 'shipping_option.update', 'shipping_option.delete']),
    );
    const listed = await as(admin).get('/api/admin/shipping-options?country=FR').expect(200);
    expect(listed.body).toMatchObject({ data: [{ name: 'Post' }], pagination: { total: 1 } });
    await as(await registerUser())
      .get('/api/admin/shipping-options')
      .expect(403);
  });

  it.each([
    ['no price', { price: undefined }],
    ['a negative price', { price: '-1' }],
    ['no countries', { countries: [] }],
    ['an unknown country', { countries: ['EU'] }],
    ['a country that is not in a list', { countries: 'AT' }],
    ['decimals that the currency lacks', { price: '4.50', currency: 'JPY' }],
    ['a limit with decimals that the currency lacks', { price: '4', freeFrom: '9.5', currency: 'JPY' }],
    ['an unknown currency', { currency: 'XQQ' }],
    ['no weight', { maxWeightGrams: 0 }],
    ['half a gram', { maxWeightGrams: 0.5 }],
    ['an unknown field', { taxRate: 20 }],
  ])('400 for %s', async (_what, fields) => {
    const option = { name: 'Post', countries: ['AT'], price: '4.90', ...fields };
    expect(codeOf(await adding('shipping-options', option).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('400 for a change that its currency does not allow', async () => {
    const { id } = await makeShippingOption({ price: '4.90' });
    const path = `/api/admin/shipping-options/${id}`;
    await as(admin).put(path).send({ currency: 'JPY' }).expect(400);
    await as(admin).put(path).send({ currency: 'JPY', price: 500 }).expect(200);
    await as(admin).put(path).send({}).expect(400);
    await as(admin).get(path.replace(/\d+$/, '2000000000')).expect(404);
  });
});
