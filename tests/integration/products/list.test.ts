import { database } from '../../../src/database';
import { changeAccess } from '../../../src/services/users/change-access';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { makeCategory, makeProduct, type TestCategory, type TestProduct } from '../../helpers/products';

let organizer: TestUser;
let other: TestUser;
let admin: TestUser;
let eventId: number;
let shirts: TestCategory;

interface Listed {
  data: TestProduct[];
  pagination: { total: number; pages: number; totalCapped: boolean };
}

const listing = async (query: string, user?: TestUser): Promise<Listed> => {
  const { body } = await (user ? as(user) : anonymous).get(`/api/products?${query}`).expect(200);
  return body as Listed;
};
const shown = async (query: string, user?: TestUser): Promise<string[]> =>
  (await listing(query, user)).data.map(({ name }) => name);

/** Combines every filter with every other one. */
const FILTERS = [
  'category=textiles',
  'search=cotton',
  'minPrice=10',
  'maxPrice=30.00',
  'productType=physical',
  'available=true',
  'eventId=EVENT',
  'organizerId=ORGANIZER',
];
const SORTS = ['createdAt', 'price', 'name', 'popularity'];

beforeAll(async () => {
  [organizer, other, admin] = await Promise.all([
    registerUser({ role: 'organizer' }),
    registerUser({ role: 'organizer' }),
    registerUser({ role: 'admin' }),
  ]);
  eventId = (await makeEvent(organizer)).id;
  const textiles = await makeCategory(admin, { name: 'Textiles' });
  shirts = await makeCategory(admin, { name: 'Shirts', parentId: textiles.id });
  const paper = await makeCategory(admin, { name: 'Paper' });
  await makeProduct(organizer, {
    name: 'Delta shirt',
    description: 'Pure cotton.',
    categoryId: shirts.id,
    price: 25,
    stock: 5,
    eventId,
  });
  await makeProduct(other, { name: 'bravo poster', categoryId: paper.id, price: 10, stock: 0 });
  await makeProduct(organizer, {
    name: 'Charlie scarf',
    description: 'Cotton, ÇAĞRI.',
    categoryId: textiles.id,
    price: 30,
  });
  await makeProduct(organizer, { name: 'Alpha license', productType: 'license', price: 49, sku: 'LIC-1' });
  await makeProduct(organizer, {
    name: 'Draft cotton shirt',
    description: 'Cotton.',
    categoryId: shirts.id,
    price: 25,
    status: 'draft',
    eventId,
  });
  const old = await makeProduct(organizer, {
    name: 'Archived cotton shirt',
    categoryId: shirts.id,
    price: 25,
    eventId,
  });
  await as(organizer).put(`/api/products/${old.id}`).send({ status: 'archived' }).expect(200);
  const gone = await makeProduct(organizer, {
    name: 'Deleted cotton shirt',
    categoryId: shirts.id,
    price: 25,
    eventId,
  });
  await as(organizer).delete(`/api/products/${gone.id}`).expect(204);
  await database('products').where({ name: 'bravo poster' }).update({ popularity: 9 });
});

describe('listProducts', () => {
  it('lists active products, newest first', async () => {
    expect(await shown('')).toEqual(['Alpha license', 'Charlie scarf', 'bravo poster', 'Delta shirt']);
  });

  it.each([
    ['category=TEXTILES', ['Charlie scarf', 'Delta shirt']],
    ['category=shirts', ['Delta shirt']],
    ['category=none', []],
    ['search=cotton', ['Charlie scarf', 'Delta shirt']],
    ['search=cagri', ['Charlie scarf']],
    ['search=lic-1', ['Alpha license']],
    ['minPrice=25', ['Alpha license', 'Charlie scarf', 'Delta shirt']],
    ['maxPrice=25.00', ['bravo poster', 'Delta shirt']],
    ['minPrice=25&maxPrice=30', ['Charlie scarf', 'Delta shirt']],
    ['productType=license', ['Alpha license']],
    ['productType=credit', []],
    ['available=true', ['Alpha license', 'Charlie scarf', 'Delta shirt']],
    ['available=false', ['bravo poster']],
    ['category=textiles&available=true&maxPrice=29', ['Delta shirt']],
    ['unknown=1&limit=1', ['Alpha license']],
  ])('filters by %s', async (query, names) => {
    expect(await shown(query)).toEqual(names);
  });

  it('filters by event and organizer', async () => {
    expect(await shown(`eventId=${eventId}`)).toEqual(['Delta shirt']);
    expect(await shown(`organizerId=${other.user.id}`)).toEqual(['bravo poster']);
  });

  it.each([
    ['sort=createdAt&order=asc', ['Delta shirt', 'bravo poster', 'Charlie scarf', 'Alpha license']],
    ['sort=price', ['bravo poster', 'Delta shirt', 'Charlie scarf', 'Alpha license']],
    ['sort=price&order=desc', ['Alpha license', 'Charlie scarf', 'Delta shirt', 'bravo poster']],
    ['sort=name', ['Alpha license', 'bravo poster', 'Charlie scarf', 'Delta shirt']],
    ['sort=popularity', ['bravo poster', 'Alpha license', 'Charlie scarf', 'Delta shirt']],
  ])('sorts by %s', async (query, names) => {
    expect(await shown(query)).toEqual(names);
  });

  it('sorts by no raw name of a column', async () => {
    for (const sort of [
      'id',
      'created_at',
      'organizer_id',
      'p.price',
      'price;drop table products',
      '__proto__',
      'constructor',
    ])
      await anonymous.get(`/api/products?sort=${sort}`).expect(400);
    for (const query of [
      'order=up',
      'minPrice=-1',
      'minPrice=2&maxPrice=1',
      'status=draft',
      'productType=ticket',
      'eventId=x',
    ])
      await anonymous.get(`/api/products?${query}`).expect(400);
  });

  it('finds no draft, archived or deleted product by any two filters, and counts what it lists', async () => {
    const named = FILTERS.map((filter) =>
      filter.replace('EVENT', String(eventId)).replace('ORGANIZER', String(organizer.user.id)),
    );
    for (const [index, first] of named.entries())
      for (const second of named.slice(index + 1))
        for (const sort of ['', `&sort=${SORTS[index % SORTS.length]}`]) {
          const query = `${first}&${second}${sort}`;
          for (const user of [undefined, other]) {
            const { data, pagination } = await listing(query, user);
            expect({ query, hidden: data.filter(({ status }) => status !== 'active') }).toEqual({ query, hidden: [] });
            expect({ query, total: pagination.total }).toEqual({ query, total: data.length });
          }
        }
  });

  it('has the right number of pages under every filter', async () => {
    expect((await listing('limit=1')).pagination).toMatchObject({ total: 4, pages: 4 });
    expect((await listing('limit=1&category=textiles')).pagination).toMatchObject({ total: 2, pages: 2 });
    expect((await listing('limit=1&search=cotton')).pagination).toMatchObject({ total: 2, pages: 2 });
    expect((await listing('limit=2&available=true')).pagination).toMatchObject({ total: 3, pages: 2 });
    expect((await listing('limit=1&page=9&productType=physical')).pagination).toMatchObject({ total: 3, pages: 3 });
    expect((await listing('limit=1&mine=true&status=draft', organizer)).pagination).toMatchObject({
      total: 1,
      pages: 1,
    });
  });

  it('lists one’s own in every status with mine=true', async () => {
    expect(await shown('mine=true', organizer)).toHaveLength(5);
    expect(await shown('mine=true&status=archived', organizer)).toEqual(['Archived cotton shirt']);
    expect(await shown('mine=true&status=draft', other)).toEqual([]);
    await anonymous.get('/api/products?mine=true').expect(401);
    await as(await registerUser())
      .get('/api/products?mine=true')
      .expect(403);
  });

  it('lists those of everybody in every status to admins', async () => {
    const listed = await as(admin).call('GET /api/admin/products', { query: { limit: 100 } });
    expect(listed.data.length).toBe(Number((await database('products').whereNull('deleted_at').count())[0]!.count));
    const drafts = await as(admin).call('GET /api/admin/products', { query: { status: 'draft', limit: 100 } });
    expect(new Set(drafts.data.map(({ status }) => status))).toEqual(new Set(['draft']));
  });

  it('does not list products of a suspended organizer, nor count them in categories', async () => {
    const suspended = await registerUser({ role: 'organizer' });
    await makeProduct(suspended, { name: 'Suspended', categoryId: shirts.id, stock: 3 });
    const countOf = async () => (await as(admin).get(`/api/categories/${shirts.id}`)).body.data.productsCount as number;
    expect(await countOf()).toBe(2);
    await changeAccess(suspended.user.id, { status: 'suspended' });
    expect(await shown('search=suspended')).toEqual([]);
    expect((await listing('category=shirts')).pagination.total).toBe(1);
    expect(await countOf()).toBe(1);
  });

  it('is cached for callers without a token, and fresh after a change', async () => {
    const { headers } = await anonymous.get('/api/products?sort=name').expect(200);
    expect(headers['cache-control']).toBe('public, max-age=1');
    await anonymous
      .get('/api/products?sort=name')
      .set('If-None-Match', headers.etag as string)
      .expect(304);
    const { id } = await makeProduct(other, { name: 'Aardvark' });
    expect((await shown('sort=name'))[0]).toBe('Aardvark');
    await as(other).delete(`/api/products/${id}`).expect(204);
    expect((await shown('sort=name'))[0]).toBe('Alpha license');
  });

  it('counts up to 10,000 and reads no further', async () => {
    const many = await registerUser({ role: 'organizer' });
    await database.raw(
      `WITH made AS (
         INSERT INTO products (organizer_id, name, slug, product_type, price, currency, status)
         SELECT ?, 'Many', 'many-' || n, 'physical', 1, 'EUR', 'active' FROM generate_series(1, 10050) n RETURNING id)
       INSERT INTO product_inventory (product_id) SELECT id FROM made`,
      [many.user.id],
    );
    const query = `organizerId=${many.user.id}&limit=100`;
    expect((await listing(query)).pagination).toMatchObject({ total: 10_000, pages: 100, totalCapped: true });
    expect((await listing(`${query}&page=100`)).data).toHaveLength(100);
    expect((await listing(`${query}&page=101`)).data).toEqual([]);
  });
});

describe('categories', () => {
  const creating = (body: object) => as(admin).post('/api/categories').send(body);
  const changing = (id: number, body: object) => as(admin).put(`/api/categories/${id}`).send(body);
  const names = async (): Promise<string[]> => {
    const { body } = await anonymous.get('/api/categories').expect(200);
    return (body.data as TestCategory[]).map(({ name }) => name);
  };

  it('are listed in tree order, with the products below them', async () => {
    const { body } = await anonymous.get('/api/categories').expect(200);
    expect(body.data).toMatchObject([
      { name: 'Textiles', slug: 'textiles', description: null, parentId: null, position: 0, productsCount: 2 },
      { name: 'Shirts', position: 0, productsCount: 1 },
      { name: 'Paper', position: 1, productsCount: 1 },
    ]);
    const music = await makeCategory(admin, { name: 'Music', position: 0, description: 'Loud' });
    const vinyl = await makeCategory(admin, { name: 'Vinyl', parentId: music.id });
    await makeCategory(admin, { name: 'Tapes', parentId: music.id, position: 0 });
    expect(await names()).toEqual(['Music', 'Tapes', 'Vinyl', 'Textiles', 'Shirts', 'Paper']);
    await changing(vinyl.id, { parentId: shirts.id, description: null }).expect(200);
    await changing(music.id, { position: 9 }).expect(200);
    expect(await names()).toEqual(['Textiles', 'Shirts', 'Vinyl', 'Paper', 'Music', 'Tapes']);
  });

  it('409 CATEGORY_EXISTS for the slug of another, ignoring case', async () => {
    for (const body of [{ name: 'Shirts' }, { name: 'X', slug: 'SHIRTS' }])
      expect((await creating(body).expect(409)).body.error.code).toBe('CATEGORY_EXISTS');
    const { id } = await makeCategory(admin, { name: 'Hats' });
    expect((await changing(id, { slug: 'Shirts' }).expect(409)).body.error.code).toBe('CATEGORY_EXISTS');
    await changing(id, { slug: 'HATS' }).expect(200);
  });

  it('400 for a cycle, also when two moves at once would make one', async () => {
    const [a, b] = [await makeCategory(admin, { name: 'Cycle a' }), await makeCategory(admin, { name: 'Cycle b' })];
    await changing(a.id, { parentId: a.id }).expect(400);
    await changing(a.id, { parentId: 2_000_000_000 }).expect(400);
    const moves = await Promise.all([changing(a.id, { parentId: b.id }), changing(b.id, { parentId: a.id })]);
    expect(moves.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await names()).toEqual(expect.arrayContaining(['Cycle a', 'Cycle b']));
  });

  it('409 CATEGORY_IN_USE while they have products, in any status, or categories below them', async () => {
    const parent = await makeCategory(admin, { name: 'Parent' });
    const child = await makeCategory(admin, { name: 'Child', parentId: parent.id });
    const { id } = await makeProduct(other, { categoryId: child.id, status: 'draft' });
    for (const category of [parent, child]) {
      const { body } = await as(admin).delete(`/api/categories/${category.id}`).expect(409);
      expect(body.error.code).toBe('CATEGORY_IN_USE');
    }
    await as(other).delete(`/api/products/${id}`).expect(204);
    await as(admin).delete(`/api/categories/${child.id}`).expect(204);
    await as(admin).delete(`/api/categories/${parent.id}`).expect(204);
    await as(admin).delete(`/api/categories/${parent.id}`).expect(404);
    expect(await database('audit_entries').where({ action: 'category.delete' }).count('* as n')).toEqual([{ n: 2 }]);
  });
});
