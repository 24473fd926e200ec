import { database } from '../../../src/database';
import { codeOf, registerUser, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { ADDRESS, makeAddress, type TestAddress } from '../../helpers/store';

let user: TestUser;
beforeEach(async () => {
  user = await registerUser();
});

const creating = (fields: Record<string, unknown>, owner = user) =>
  as(owner)
    .post('/api/addresses')
    .send({ ...ADDRESS, ...fields });
const changing = (id: number, fields: Record<string, unknown>) => as(user).put(`/api/addresses/${id}`).send(fields);

async function listOf(owner: TestUser, query = ''): Promise<TestAddress[]> {
  const { body } = await as(owner).get(`/api/addresses${query}`).expect(200);
  return (body as { data: TestAddress[] }).data;
}

describe('createAddress', () => {
  it('returns the address with null for what is missing; the first is the default', async () => {
    const { body, headers } = await creating({ country: 'at', company: '', phone: '+43 1 234567' }).expect(201);
    const { data } = body as { data: { id: number } };
    expect(headers.location).toBe(`/api/addresses/${data.id}`);
    expect(data).toEqual({
      ...ADDRESS,
      id: expect.any(Number),
      company: null,
      line2: null,
      region: null,
      phone: '+43 1 234567',
      isDefault: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await as(user).get(`/api/addresses/${data.id}`).expect(200)).body).toMatchObject({ data });
  });

  it.each([
    ['no name', { name: undefined }],
    ['an empty line', { line1: ' ' }],
    ['two lines in one', { line1: 'Harbor Road 1\nSecond floor' }],
    ['a link', { company: 'https://bilten.example' }],
    ['a country that is none', { country: 'XK' }],
    ['the name of a country', { country: 'Austria' }],
    ['a phone number of letters', { phone: 'call me' }],
    ['a VAT id', { vatId: 'ATU12345678' }],
    ['a default in words', { isDefault: 'true' }],
  ])('400 for %s', async (_what, fields) => {
    expect(codeOf(await creating(fields).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('409 for the 21st with the limit, also of many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => creating({})));
    const refused = answers.filter(({ status }) => status === 409);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(refused).toHaveLength(5);
    expect(refused[0]!.body).toMatchObject({ error: { code: 'QUANTITY_LIMIT', details: [{ limit: 20 }] } });
    const all = await listOf(user, '?limit=100');
    expect(all.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    await as(user).delete(`/api/addresses/${all[0]!.id}`).expect(204);
    await creating({}).expect(201);
  });
});

describe('listAddresses', () => {
  it('lists the default first, then the newest, and only one’s own', async () => {
    const [first, second, third] = [await makeAddress(user), await makeAddress(user), await makeAddress(user)];
    const ids = async (query = '') => (await listOf(user, query)).map(({ id }) => id);
    expect(await ids()).toEqual([first.id, third.id, second.id]);
    expect(await ids('?page=2&limit=2')).toEqual([second.id]);
    await makeAddress(await registerUser());
    const { body } = await as(user).get('/api/addresses?limit=2').expect(200);
    expect(body).toMatchObject({ pagination: { total: 3, pages: 2 } });
  });
});

describe('updateAddress, deleteAddress', () => {
  it('changes only what is sent, and clears what is empty', async () => {
    const { id } = await makeAddress(user, { region: 'Vienna', phone: '+431234567', line2: 'Door 3' });
    const { body } = await changing(id, { line1: 'Quay 2', region: '', phone: null }).expect(200);
    expect(body).toMatchObject({ data: { ...ADDRESS, line1: 'Quay 2', line2: 'Door 3', region: null, phone: null } });
    await changing(id, {}).expect(400);
    await changing(id, { name: null }).expect(400);
    await changing(id, { userId: 1 }).expect(400);
  });

  it('leaves one default, or none', async () => {
    const [first, second] = [await makeAddress(user), await makeAddress(user)];
    const defaults = async () => (await listOf(user)).flatMap(({ id, isDefault }) => (isDefault ? id : []));
    await changing(second.id, { isDefault: true }).expect(200);
    expect(await defaults()).toEqual([second.id]);
    const third = await makeAddress(user, { isDefault: true });
    expect(await defaults()).toEqual([third.id]);
    await Promise.all([first, second, third].map(({ id }) => changing(id, { isDefault: true }).expect(200)));
    expect(await defaults()).toHaveLength(1);
    await changing((await defaults())[0]!, { isDefault: false }).expect(200);
    expect(await defaults()).toEqual([]);
  });

  it('404 for an address of somebody else, which stays', async () => {
    const { id } = await makeAddress(await registerUser());
    await as(user).get(`/api/addresses/${id}`).expect(404);
    await changing(id, { name: 'Mine' }).expect(404);
    await as(user).delete(`/api/addresses/${id}`).expect(404);
    expect(await database('addresses').where({ id }).pluck('name')).toEqual([ADDRESS.name]);
  });

  it('refuses a second default in the database itself', async () => {
    const { id } = await makeAddress(user);
    const { id: second } = await makeAddress(user);
    expect(id).not.toBe(second);
    await expect(database('addresses').where({ id: second }).update({ is_default: true })).rejects.toMatchObject({
      constraint: 'addresses_default_key',
    });
  });
});
