import request, { type Response } from 'supertest';
import { config } from '../../../src/config';
import { database } from '../../../src/database';
import { flushViews, forgetViewers, refreshProductPopularity } from '../../../src/services/products/count-views';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as, testApp } from '../../helpers/client';
import { makeEvent } from '../../helpers/events';
import { fetching, PDF, picture, uploaded, uploading } from '../../helpers/files';
import { addImage, makeCategory, makeProduct, type TestProduct } from '../../helpers/products';

let organizer: TestUser;
let other: TestUser;
let customer: TestUser;
let admin: TestUser;

beforeAll(async () => {
  [organizer, other, customer, admin] = await Promise.all([
    registerUser({ role: 'organizer' }),
    registerUser({ role: 'organizer' }),
    registerUser(),
    registerUser({ role: 'admin' }),
  ]);
});

const codeOf = ({ body }: Response): string => (body as { error: { code: string } }).error.code;
const detailsOf = ({ body }: Response) => (body as { error: { details: { path: string }[] } }).error.details;
const dataOf = ({ body }: Response): TestProduct => (body as { data: TestProduct }).data;
const creating = (fields: object, user = organizer) => as(user).post('/api/products').send(fields);
const getting = async (id: number | string, user?: TestUser): Promise<TestProduct> =>
  dataOf(await (user ? as(user) : anonymous).get(`/api/products/${encodeURIComponent(id)}`).expect(200));

/** After each test of a group, takes back what `sell` did. */
const takeSalesBack = () => afterEach(() => database('product_inventory').update({ held: 0, sold: 0 }));

/** Moves the counters as orders do. */
const sell = (product_id: number, change: { held?: number; sold?: number }) =>
  database('product_inventory').where({ product_id }).update(change);

describe('createProduct', () => {
  it('201 with every field, and a slug from the name', async () => {
    const category = await makeCategory(admin, { name: 'Textiles' });
    const event = await makeEvent(organizer);
    const response = await creating({
      name: 'Tour shirt — “Größe M”',
      sku: 'TS-M',
      description: 'Cotton.',
      productType: 'physical',
      categoryId: category.id,
      eventId: event.id,
      price: '25.5',
      currency: 'EUR',
      taxRate: 20,
      stock: 12,
      maxPerOrder: 3,
      weightGrams: 180,
    }).expect(201);
    const product = dataOf(response);
    expect(response.headers).toMatchObject({ location: `/api/products/${product.id}`, etag: /^"1-/ });
    expect(product).toEqual({
      id: expect.any(Number),
      sku: 'TS-M',
      name: 'Tour shirt — “Größe M”',
      slug: 'tour-shirt-grosse-m',
      description: 'Cotton.',
      productType: 'physical',
      categoryId: category.id,
      category: { id: category.id, name: 'Textiles', slug: 'textiles' },
      eventId: event.id,
      organizerId: organizer.user.id,
      price: '25.50',
      currency: 'EUR',
      taxRate: 20,
      taxInclusive: true,
      stock: 12,
      availableStock: 12,
      maxPerOrder: 3,
      weightGrams: 180,
      fileId: null,
      licensePolicy: null,
      creditAmount: null,
      images: [],
      status: 'active',
      viewsCount: 0,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(await getting(product.slug.toUpperCase())).toEqual(product);
    const [entry] = await database('audit_entries').where({ action: 'product.create', subject_id: product.id });
    expect(entry).toMatchObject({ actor_id: organizer.user.id, details: { price: '25.5', stock: 12 } });
  });

  it('keeps prices exact, never as floats, in currencies with 0, 2 and 3 decimals', async () => {
    for (const [price, currency, shown] of [
      [0.1, 'EUR', '0.10'],
      ['9999999999.99', 'EUR', '9999999999.99'],
      ['1500', 'JPY', '1500'],
      ['0.125', 'KWD', '0.125'],
    ] as const) {
      const { id } = await makeProduct(organizer, { name: 'Exact', price, currency });
      expect(await getting(id)).toMatchObject({ price: shown, currency });
      expect(await database('products').where({ id }).pluck('price')).toEqual([expect.stringMatching(/^\d+\.\d{3}$/)]);
    }
    for (const [price, currency] of [
      ['0.001', 'EUR'],
      ['1.5', 'JPY'],
      ['1e3', 'EUR'],
      ['-1', 'EUR'],
      ['10', 'XXX1'],
    ])
      expect(codeOf(await creating({ name: 'Exact', price, currency }).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('numbers derived slugs, and 409 PRODUCT_EXISTS for a slug or SKU that is taken, ignoring case', async () => {
    const first = await makeProduct(organizer, { name: 'Poster', sku: 'P-1' });
    expect((await makeProduct(organizer, { name: 'Poster' })).slug).toBe('poster-2');
    expect((await makeProduct(organizer, { name: '1984' })).slug).toBe('product-1984');
    for (const [field, body] of [
      ['slug', { slug: 'POSTER' }],
      ['sku', { sku: 'p-1' }],
    ] as const) {
      const response = await creating({ name: 'Another', price: '1', ...body }).expect(409);
      expect(codeOf(response)).toBe('PRODUCT_EXISTS');
      expect(detailsOf(response)).toMatchObject([{ path: field }]);
      const { id } = await makeProduct(organizer, { name: 'Changed' });
      await as(organizer).put(`/api/products/${id}`).send(body).expect(409);
    }
    // Every organizer has SKUs of their own.
    await makeProduct(other, { name: 'Another', sku: 'P-1' });
    await as(organizer).delete(`/api/products/${first.id}`).expect(204);
    await makeProduct(organizer, { name: 'Poster again', sku: 'P-1', slug: 'poster' });
  });

  it('gives each type what it needs, and 400 for what it has no use for', async () => {
    const file = await uploaded(organizer, PDF);
    const license = await makeProduct(organizer, {
      productType: 'license',
      licensePolicy: { maxActivations: 3, entitlements: ['export'] },
    });
    const expected = { durationDays: null, maxActivations: 3, offlineDays: 30, entitlements: ['export'] };
    expect(license).toMatchObject({ licensePolicy: expected });
    expect(await makeProduct(organizer, { productType: 'credit', price: '50' })).toMatchObject({
      creditAmount: '50.00',
    });
    await makeProduct(organizer, { productType: 'digital', status: 'draft' });
    const digital = await makeProduct(organizer, { productType: 'digital', fileId: file.id });
    expect(digital.fileId).toBe(file.id);
    expect([(await getting(digital.id)).fileId, (await getting(digital.id, other)).fileId]).toEqual([null, null]);
    expect((await getting(digital.id, admin)).fileId).toBe(file.id);
    for (const body of [
      { productType: 'digital' },
      { productType: 'physical', fileId: file.id },
      { productType: 'digital', licensePolicy: {} },
      { productType: 'license', creditAmount: '5' },
      { productType: 'credit', creditAmount: '0' },
      { productType: 'license', licensePolicy: { maxActivations: 0 } },
      { productType: 'ticket' },
      { status: 'archived' },
      { stock: -1 },
      { slug: '12' },
      { slug: 'a b' },
      { name: 'See evil.com' },
      { sold: 5 },
    ])
      expect(codeOf(await creating({ name: 'Wrong', price: '5', ...body }).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('404 or 403 for a file, an event or a category that is not there or not the organizer’s', async () => {
    const file = await uploaded(other, PDF);
    const event = await makeEvent(other);
    const draft = await makeEvent(other, { status: 'draft' });
    for (const [body, code] of [
      [{ productType: 'digital', fileId: file.id }, 'NOT_FOUND'],
      [{ eventId: event.id }, 'FORBIDDEN'],
      [{ eventId: draft.id }, 'NOT_FOUND'],
      [{ categoryId: 2_000_000_000 }, 'NOT_FOUND'],
    ] as const)
      expect(codeOf(await creating({ name: 'Mine', price: '5', ...body }))).toBe(code);
  });

  it('403 EMAIL_NOT_VERIFIED for selling, but not for drafts', async () => {
    jest.replaceProperty(config, 'requireVerifiedEmail', true);
    const unverified = await registerUser({ role: 'organizer', isVerified: false });
    expect(codeOf(await creating({ name: 'Mug', price: '9' }, unverified).expect(403))).toBe('EMAIL_NOT_VERIFIED');
    const { body } = await creating({ name: 'Mug', price: '9', status: 'draft' }, unverified).expect(201);
    const { id } = (body as { data: TestProduct }).data;
    await as(unverified).put(`/api/products/${id}`).send({ status: 'active' }).expect(403);
  });
});

describe('updateProduct', () => {
  takeSalesBack();
  it('changes what is sent, and 412 for an old ETag', async () => {
    const product = await makeProduct(organizer, { stock: 5 });
    const { headers } = await as(organizer).get(`/api/products/${product.id}`);
    const changing = (body: object, etag = headers.etag as string) =>
      as(organizer).put(`/api/products/${product.id}`).set('If-Match', etag).send(body);
    const { body } = await changing({ name: 'Mug', price: '9.9', stock: null, status: 'draft' }).expect(200);
    expect(body.data).toMatchObject({ name: 'Mug', slug: product.slug, price: '9.90', stock: null, status: 'draft' });
    expect(codeOf(await changing({ name: 'Late' }).expect(412))).toBe('PRECONDITION_FAILED');
    // A sale changes no version.
    const { headers: now } = await as(organizer).get(`/api/products/${product.id}`);
    await sell(product.id, { held: 2 });
    await changing({ stock: 2 }, now.etag as string).expect(200);
  });

  it('changes the type only with what the new one needs', async () => {
    const { id } = await makeProduct(organizer, { productType: 'license' });
    const changing = (body: object) => as(organizer).put(`/api/products/${id}`).send(body);
    expect((await changing({ productType: 'physical' }).expect(200)).body.data).toMatchObject({ licensePolicy: null });
    await changing({ productType: 'digital' }).expect(400);
    const credit = await changing({ productType: 'credit' }).expect(200);
    expect(credit.body.data).toMatchObject({ creditAmount: '25.00' });
    await sell(id, { sold: 1 });
    for (const body of [{ productType: 'physical' }, { currency: 'EUR' }, { status: 'draft' }])
      expect(codeOf(await changing(body).expect(400))).toBe('VALIDATION_ERROR');
    await changing({ price: '30', status: 'archived' }).expect(200);
  });
});

describe('deleteProduct', () => {
  takeSalesBack();
  it('deletes what was never sold, with its images, and frees its file', async () => {
    const file = await uploaded(organizer, PDF);
    const product = await makeProduct(organizer, { productType: 'digital', fileId: file.id });
    await addImage(organizer, product.id);
    expect(codeOf(await as(organizer).delete(`/api/files/${file.id}`).expect(409))).toBe('FILE_IN_USE');
    await as(organizer).delete(`/api/products/${product.id}`).expect(204);
    await as(organizer).get(`/api/products/${product.id}`).expect(404);
    await as(organizer).delete(`/api/files/${file.id}`).expect(204);
    expect(await database('product_images').where({ product_id: product.id })).toEqual([]);
  });

  it('archives what was ever sold or is held', async () => {
    for (const change of [{ sold: 1 }, { held: 1 }]) {
      const { id } = await makeProduct(organizer, { stock: 2 });
      await sell(id, change);
      // Refunded: the product stays in its order.
      if (change.sold) await sell(id, { sold: 0 });
      await as(organizer).delete(`/api/products/${id}`).expect(204);
      expect(await getting(id)).toMatchObject({ status: 'archived' });
    }
  });
});

describe('stock', () => {
  takeSalesBack();
  const moving = (id: number, body: object) => as(organizer).post(`/api/products/${id}/stock`).send(body);

  it('moves with a reason, and its movements add up to it', async () => {
    const { id } = await makeProduct(organizer, { stock: 10 });
    await moving(id, { delta: -3, reason: 'Torn' }).expect(200);
    await as(organizer).put(`/api/products/${id}`).send({ stock: null }).expect(200);
    expect(codeOf(await moving(id, { delta: 1, reason: 'Found' }).expect(400))).toBe('VALIDATION_ERROR');
    await as(admin).put(`/api/products/${id}`).send({ stock: 4 }).expect(200);
    const { body } = await moving(id, { delta: 2, reason: 'Delivery' }).expect(200);
    expect(body.data).toMatchObject({ stock: 6, availableStock: 6 });
    const { body: listed } = await as(organizer).get(`/api/products/${id}/stock-movements?limit=4`).expect(200);
    expect(listed.pagination).toMatchObject({ total: 5, pages: 2 });
    const user = { id: organizer.user.id, firstName: 'Ada', lastName: 'Lovelace' };
    expect(listed.data).toMatchObject([
      { delta: 2, stock: 6, reason: 'Delivery', user },
      { delta: 4, stock: 4, user: { id: admin.user.id } },
      { delta: -7, stock: null, reason: 'Set with the product' },
      { delta: -3, stock: 7, reason: 'Torn' },
    ]);
  });

  it('409 STOCK_BELOW_HELD for less than what is sold and held', async () => {
    const { id } = await makeProduct(organizer, { stock: 10 });
    await sell(id, { held: 2, sold: 3 });
    const response = await moving(id, { delta: -6, reason: 'Gone' }).expect(409);
    expect(codeOf(response)).toBe('STOCK_BELOW_HELD');
    expect(detailsOf(response)).toMatchObject([{ sold: 3, held: 2 }]);
    expect(codeOf(await as(organizer).put(`/api/products/${id}`).send({ stock: 4 }).expect(409))).toBe(
      'STOCK_BELOW_HELD',
    );
    await moving(id, { delta: -5, reason: 'Gone' }).expect(200);
    expect(await getting(id)).toMatchObject({ stock: 5, availableStock: 0 });
    await moving(id, { delta: 2_147_483_647, reason: 'Too many' }).expect(400);
    for (const body of [{ delta: 0, reason: 'None' }, { delta: 1.5, reason: 'Half' }, { delta: 1 }])
      await moving(id, body).expect(400);
  });

  it('20 movements at once add up', async () => {
    const { id } = await makeProduct(organizer, { stock: 0 });
    await Promise.all(Array.from({ length: 20 }, () => moving(id, { delta: 1, reason: 'One' }).expect(200)));
    expect(await getting(id)).toMatchObject({ stock: 20 });
  });

  it('is refused by the database, whatever the program does', async () => {
    const { id } = await makeProduct(organizer, { stock: 3 });
    await expect(sell(id, { sold: 4 })).rejects.toThrow('product_inventory_not_oversold');
    await expect(sell(id, { held: -1 })).rejects.toThrow('product_inventory_held');
    const row = database('product_inventory').where({ product_id: id });
    await expect(row.clone().update({ stock: 9 })).rejects.toThrow('not allowed');
    await expect(database('stock_movements').where({ product_id: id }).delete()).rejects.toThrow('not allowed');
    await expect(database('products').where({ id }).delete()).rejects.toThrow('not allowed');
  });
});

describe('images', () => {
  it('are added, described, ordered and removed by the organizer', async () => {
    const { id } = await makeProduct(organizer);
    await addImage(organizer, id, 'From the front');
    const second = await addImage(organizer, id);
    const place = `/api/products/${id}/images/${second.id}`;
    await as(organizer).put(place).send({ position: 0, altText: 'From behind' }).expect(200);
    await as(organizer)
      .put(`/api/products/${id}/images/${second.id - 1}`)
      .send({ position: 7 })
      .expect(200);
    const { images } = await getting(id);
    expect(images).toMatchObject([
      { id: second.id, altText: 'From behind', position: 0 },
      { altText: 'From the front', position: 7 },
    ]);
    await fetching(images[0]!.url).expect(200);
    expect((await addImage(organizer, id)) as object).toMatchObject({ position: 8, altText: null });
    await as(organizer).delete(place).expect(204);
    await as(organizer).delete(place).expect(404);
    expect((await getting(id)).images).toHaveLength(2);
  });

  it('follow the rules of files, and belong to one product', async () => {
    const [mine, another] = [await makeProduct(organizer), await makeProduct(organizer)];
    const to = `/api/products/${mine.id}/images`;
    await uploading(organizer, PDF, { to }).expect(415);
    await uploading(organizer, await picture(), { to })
      .field('position', '1')
      .expect(400);
    await uploading(organizer, await picture(), { to })
      .field('altText', 'x'.repeat(251))
      .expect(400);
    const image = await addImage(organizer, mine.id);
    await as(organizer).put(`/api/products/${another.id}/images/${image.id}`).send({ position: 1 }).expect(404);
    const many = Array.from({ length: 19 }, (_, position) => ({
      product_id: mine.id,
      file_key: database.raw('(SELECT key FROM files LIMIT 1)'),
      position,
    }));
    await expect(database('product_images').insert(many)).rejects.toThrow('product_images_file_key_key');
  });
});

describe('views', () => {
  takeSalesBack();
  const from = (agent: string) => anonymous.get(`/api/products/${product.id}`).set('User-Agent', agent).expect(200);
  const counted = async (): Promise<number> => {
    await flushViews();
    return (await getting(product.id, organizer)).viewsCount;
  };
  let product: TestProduct;
  beforeAll(async () => {
    product = await makeProduct(organizer, { name: 'Looked at' });
  });

  it('count once per viewer and half hour, but not those of staff and of HEAD', async () => {
    await from('one');
    await from('one');
    await from('two');
    await getting(product.id, customer);
    await getting(product.slug, customer);
    expect(await counted()).toBe(3);
    await from('one');
    await getting(product.id, organizer);
    await getting(product.id, admin);
    await anonymous.get('/api/products?search=looked').expect(200);
    await as(other).get(`/api/products/${product.id}`);
    await request(testApp()).head(`/api/products/${product.id}`).set('User-Agent', 'three').expect(200);
    expect(await counted()).toBe(4);
  });

  it('are counted again after half an hour, and their viewers forgotten', async () => {
    const before = await counted();
    await database('product_views').update({ counted_at: database.raw("now() - interval '31 minutes'") });
    await from('one');
    expect(await counted()).toBe(before + 1);
    await forgetViewers();
    expect(await database('product_views').count('* as rows')).toEqual([{ rows: 1 }]);
  });

  it('keep no address', async () => {
    await from('somebody');
    await flushViews();
    const { rows } = await database.raw<{ rows: { row: string }[] }>('SELECT v::text AS row FROM product_views v');
    expect(rows.map(({ row }) => row).join()).not.toMatch(/127\.0\.0\.1|::1|somebody/);
  });

  it('make a product popular, after those that were sold', async () => {
    const seller = await registerUser({ role: 'organizer' });
    const [viewed, sold, none] = [await makeProduct(seller), await makeProduct(seller), await makeProduct(seller)];
    await sell(sold.id, { sold: 1 });
    await anonymous.get(`/api/products/${viewed.id}`).expect(200);
    await flushViews();
    await refreshProductPopularity();
    const { body } = await anonymous.get(`/api/products?organizerId=${seller.user.id}&sort=popularity`).expect(200);
    expect((body.data as TestProduct[]).map(({ id }) => id)).toEqual([sold.id, viewed.id, none.id]);
    expect(await refreshProductPopularity()).toBe(0);
  });
});
