import request from 'supertest';
import { database } from '../../../src/database';
import { codeOf, registerUser, registerUsers, theOrganizer, type TestUser } from '../../helpers/bookings';
import { ADA, aProduct, ordered } from '../../helpers/checkout';
import { anonymous, as, testApp } from '../../helpers/client';
import type { DataOf } from '../../helpers/endpoints';
import { picture, PDF } from '../../helpers/files';
import { aDownload, aFreeOrder, anUnsentOrder, fulfilling, startingDownload } from '../../helpers/fulfillment';
import { violations } from '../../helpers/invariants';
import { allDone } from '../../helpers/messages';
import { orderOf } from '../../helpers/orders';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { makeShippingOption, theAdmin } from '../../helpers/store';

let seller: TestUser;
beforeAll(async () => {
  seller = await theOrganizer();
});
afterAll(async () => expect(await violations(database)).toEqual([]));

const refund = (orderId: number, position: number, quantity: number) =>
  database('order_item_refunds').insert({ order_id: orderId, position, quantity, amount: 0 });
const statusOf = async (orderId: number): Promise<string> =>
  ((await database('orders').where({ id: orderId }).first('fulfillment_status')) as { fulfillment_status: string })
    .fulfillment_status;
const detailsOf = ({ body }: { body: unknown }) =>
  (body as { error: { details: Record<string, unknown>[] } }).error.details;

describe('fulfillOrder', () => {
  it('sends an order in parts, which its customer sees', async () => {
    const { owner, orderId, itemId } = await anUnsentOrder();
    const parcel = { carrier: 'Post', trackingNumber: '1042', trackingUrl: 'https://post.example/1042' };
    const first = await fulfilling(seller, orderId, { items: [{ itemId, quantity: 1 }], ...parcel }).expect(201);
    expect(first.headers.location).toBe(`/api/orders/${orderId}`);
    expect((first.body as { data: unknown }).data).toEqual({
      id: expect.any(Number),
      orderId,
      items: [{ itemId, quantity: 1 }],
      ...parcel,
      fulfillmentStatus: 'partial',
      createdAt: expect.any(String),
    });
    const halves = [1, 1].map((quantity) => ({ itemId, quantity }));
    const rest = await fulfilling(seller, orderId, { items: halves }).expect(201);
    expect(rest.body).toMatchObject({
      data: { items: [{ itemId, quantity: 2 }], carrier: null, trackingUrl: null, fulfillmentStatus: 'fulfilled' },
    });
    expect(await orderOf(owner, orderId)).toMatchObject({
      fulfillmentStatus: 'fulfilled',
      fulfillments: [{ ...parcel, items: [{ itemId, quantity: 1 }] }, { items: [{ itemId, quantity: 2 }] }],
    });
    const actions = database('audit_entries').where({ subject_id: orderId, action: 'order.fulfill' });
    expect(await actions.pluck('actor_id')).toEqual([seller.user.id, seller.user.id]);
  });

  it('409 ALREADY_FULFILLED with what is left, also of many at once', async () => {
    const { orderId, itemId } = await anUnsentOrder({ quantity: 3 });
    const tooMany = await fulfilling(seller, orderId, { items: [{ itemId, quantity: 4 }] }).expect(409);
    expect([codeOf(tooMany), detailsOf(tooMany)[0]]).toEqual([
      'ALREADY_FULFILLED',
      expect.objectContaining({ left: 3 }),
    ]);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => fulfilling(seller, orderId, { items: [{ itemId, quantity: 1 }] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409]);
    const sent = await database('fulfillment_items').where({ order_id: orderId }).pluck('quantity');
    expect(sent).toEqual([1, 1, 1]);
  });

  it('does not send what was refunded, and is done when the rest is sent', async () => {
    const { orderId, itemId } = await anUnsentOrder({ quantity: 3 });
    await refund(orderId, itemId, 2);
    const refused = await fulfilling(seller, orderId, { items: [{ itemId, quantity: 2 }] }).expect(409);
    expect(detailsOf(refused)[0]).toMatchObject({ left: 1 });
    await fulfilling(seller, orderId, { items: [{ itemId, quantity: 1 }] }).expect(201);
    expect(await statusOf(orderId)).toBe('fulfilled');
    const other = await anUnsentOrder({ quantity: 2 });
    await refund(other.orderId, other.itemId, 2);
    expect(await statusOf(other.orderId)).toBe('none');
    const returned = await anUnsentOrder({ quantity: 2 });
    await fulfilling(seller, returned.orderId, { items: [{ itemId: returned.itemId, quantity: 2 }] }).expect(201);
    await refund(returned.orderId, returned.itemId, 1);
    expect(await statusOf(returned.orderId)).toBe('fulfilled');
  });

  it('is for the seller of each item, and admins', async () => {
    const [other, owner] = [await registerUser({ role: 'organizer' }), await registerUser()];
    const [ours, theirs] = [
      await aProduct({ productType: 'physical', price: '0' }),
      await aProduct({ productType: 'physical', price: '0', seller: other }),
    ];
    const order = await aFreeOrder(owner, [{ productId: ours }, { productId: theirs }]);
    const [first, second, shipping] = order.items.map(({ id }) => id);
    const send = (user: TestUser, itemId?: number) => fulfilling(user, order.id, { items: [{ itemId, quantity: 1 }] });
    await send(seller, second).expect(403);
    await send(other, first).expect(403);
    await send(owner, first).expect(403);
    await send(await registerUser({ role: 'organizer' }), first).expect(404);
    await send(seller, shipping).expect(400);
    await send(seller, 99).expect(400);
    await send(other, second).expect(201);
    await send(await theAdmin(), first).expect(201);
    expect(await statusOf(order.id)).toBe('fulfilled');
  });

  it('409 ORDER_NOT_PAID before the payment', async () => {
    const owner = await registerUser();
    await makeShippingOption();
    const productId = await aProduct({ productType: 'physical' });
    const order = await ordered(owner, [{ productId }], { shippingAddress: ADA });
    const refused = await fulfilling(seller, order.id, { items: [{ itemId: order.items[0]!.id, quantity: 1 }] }).expect(
      409,
    );
    expect(codeOf(refused)).toBe('ORDER_NOT_PAID');
  });

  it.each([
    ['no items', { items: [] }],
    ['none of an item', { items: [{ itemId: 1, quantity: 0 }] }],
    ['an address that is none', { items: [{ itemId: 1, quantity: 1 }], trackingUrl: 'javascript:alert(1)' }],
    ['two lines', { items: [{ itemId: 1, quantity: 1 }], trackingNumber: 'a\nb' }],
    ['an unknown field', { items: [{ itemId: 1, quantity: 1 }], price: '1' }],
  ])('400 for %s', async (_what, fields) => {
    const { orderId } = await anUnsentOrder({ quantity: 1 });
    expect(codeOf(await fulfilling(seller, orderId, fields).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('refuses in the database what was not bought, and what is not sent', async () => {
    const { orderId, itemId, order } = await anUnsentOrder({ quantity: 1 });
    const insert = (position: number, quantity: number) =>
      database.transaction(async (trx) => {
        const [row] = await trx('fulfillments')
          .insert({ order_id: orderId, created_by: seller.user.id })
          .returning('id');
        await trx('fulfillment_items').insert({ fulfillment_id: row!.id, order_id: orderId, position, quantity });
        await trx.rollback('as expected');
      });
    const refused = { constraint: 'fulfillment_items_within_item' };
    await expect(insert(itemId, 2)).rejects.toMatchObject(refused);
    await expect(insert(order.items[1]!.id, 1)).rejects.toMatchObject(refused);
    await expect(insert(itemId, 1)).rejects.toMatch('as expected');
  });

  it('lists what is still to be sent to admins', async () => {
    const admin = await theAdmin();
    const list = async (query: string): Promise<number[]> => {
      const { body } = await as(admin).get(`/api/admin/orders?limit=100&${query}`).expect(200);
      return (body as { data: { id: number }[] }).data.map(({ id }) => id);
    };
    const [unsent, partly] = [await anUnsentOrder({ quantity: 1 }), await anUnsentOrder({ quantity: 2 })];
    const owner = await registerUser();
    const unpaid = await ordered(owner, [{ productId: await aProduct({ productType: 'physical' }) }], {
      shippingAddress: ADA,
    });
    expect(unpaid.fulfillmentStatus).toBe('unfulfilled');
    await fulfilling(seller, partly.orderId, { items: [{ itemId: partly.itemId, quantity: 1 }] }).expect(201);
    expect(await list('fulfillmentStatus=unfulfilled')).toContain(unsent.orderId);
    for (const id of [partly.orderId, unpaid.id]) expect(await list('fulfillmentStatus=unfulfilled')).not.toContain(id);
    expect(await list('fulfillmentStatus=partial')).toEqual([partly.orderId]);
    await as(admin).get('/api/admin/orders?fulfillmentStatus=sent').expect(400);
    const toShip = await list('toShip=true');
    expect(toShip).toEqual(expect.arrayContaining([unsent.orderId, partly.orderId]));
    expect(toShip).not.toContain(unpaid.id);
    expect(await list('toShip=false')).toContain(unpaid.id);
  });

  it('lists what a seller has still to send, whatever other sellers have', async () => {
    const [own, other] = await registerUsers(2, { role: 'organizer' });
    const owner = await registerUser();
    const physical = { productType: 'physical', price: '0' };
    const lines = [
      { productId: await aProduct({ ...physical, seller: own }), quantity: 2 },
      { productId: await aProduct({ ...physical, seller: other }) },
    ];
    const order = await aFreeOrder(owner, lines);
    const toShip = async (user: TestUser) =>
      (await as(user).call('GET /api/organizers/me/orders', { query: { toShip: true } })).data.map(({ id }) => id);
    expect([await toShip(own!), await toShip(other!), await toShip(seller)]).toEqual([
      [order.id],
      [order.id],
      expect.not.arrayContaining([order.id]),
    ]);
    const ownItem = order.items.find(({ sellerId }) => sellerId === own!.user.id)!;
    await fulfilling(own!, order.id, { items: [{ itemId: ownItem.id, quantity: 1 }] }).expect(201);
    expect(await toShip(own!)).toEqual([order.id]);
    await refund(order.id, ownItem.id, 1);
    expect([await toShip(own!), await toShip(other!)]).toEqual([[], [order.id]]);
    const partly = await as(other!).call('GET /api/organizers/me/orders', { query: { fulfillmentStatus: 'partial' } });
    expect(partly.data.map(({ id }) => id)).toEqual([order.id]);
    expect(partly.data[0]!.items.find(({ id }) => id === ownItem.id)).toMatchObject({ refundedQuantity: 1 });
  });
});

describe('the mail', () => {
  let mailed: MailedWorker;
  beforeAll(async () => {
    mailed = await startMailedWorker();
  });
  afterAll(() => mailed.stop());

  it('says what was sent, and how to follow it', async () => {
    const { owner, orderId, itemId, order } = await anUnsentOrder();
    const fields = { items: [{ itemId, quantity: 2 }], carrier: 'Post', trackingNumber: '1042-7' };
    await fulfilling(seller, orderId, { ...fields, trackingUrl: 'https://post.example/?n=1042-7' }).expect(201);
    await allDone();
    const [mail] = mailed.mail.mailsTo(owner.user.email).filter(({ subject }) => subject?.includes('on its way'));
    expect(mail!.subject).toBe(`Your order ${order.orderNumber} is on its way`);
    for (const text of ['2 × A thing', 'Post', '1042-7', 'https://post.example/?n=1042-7'])
      expect(mail!.text).toContain(text);
    const kinds: string[] = await database('notifications').where({ user_id: owner.user.id }).pluck('kind');
    expect(kinds).toContain('order.fulfilled');
  });
});

describe('startDownload', () => {
  const linkOf = ({ headers }: { headers: Record<string, string> }): string => new URL(headers.location!).pathname;
  let owner: TestUser;
  beforeEach(async () => {
    owner = await registerUser();
  });

  it.each([
    ['a document', async () => PDF],
    ['a picture', () => picture({ width: 40 })],
  ])('redirects to a link to %s that works signed out, and shows where it is stored to nobody', async (_what, make) => {
    const item = await aDownload(owner, await make());
    const answer = await startingDownload(owner, item).expect(302);
    expect(answer.headers['cache-control']).toMatch(/^private/);
    expect(answer.text).toBe('');
    const file = await anonymous.get(linkOf(answer)).buffer().expect(200);
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment; filename="/),
      'cache-control': 'private, no-store',
    });
    expect((file.body as Buffer).length).toBeGreaterThan(20);
    const [key] = (await database('files').pluck('key')) as string[];
    expect(answer.headers.location).not.toContain(key);
  });

  it('gives five links, exactly, also to ten requests at once; using one does not count, nor does HEAD', async () => {
    const item = await aDownload(owner);
    await request(testApp())
      .head(`/api/orders/${item.orderId}/items/${item.itemId}/download`)
      .set('Authorization', `Bearer ${owner.token}`)
      .expect(302);
    const answers = await Promise.all(Array.from({ length: 10 }, () => startingDownload(owner, item)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(302), ...Array(5).fill(409)]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect([codeOf(refused), detailsOf(refused)[0]]).toEqual([
      'DOWNLOAD_LIMIT_REACHED',
      expect.objectContaining({ limit: 5 }),
    ]);
    const link = linkOf(answers.find(({ status }) => status === 302)!);
    for (let use = 0; use < 7; use += 1) await anonymous.get(link).expect(200);
    const row = await database('order_downloads').where({ order_id: item.orderId }).first('count', 'position');
    expect(row).toEqual({ count: 5, position: item.itemId });
  });

  it('lists what can be downloaded and how often, until it is refunded', async () => {
    const [reader, other] = [await registerUser(), await registerUser()];
    const [first, second] = [await aDownload(reader), await aDownload(reader)];
    await startingDownload(reader, first).expect(302);
    await ordered(reader, [{ productId: second.productId }]);
    const list = async (user: TestUser) => (await as(user).call('GET /api/downloads')).data;
    const withLeft = (items: DataOf<'GET /api/downloads'>) =>
      items.map(({ orderId, itemId, downloadsLeft, maxDownloads }) => [orderId, itemId, downloadsLeft, maxDownloads]);
    expect(withLeft((await list(reader)).slice(-2))).toEqual([
      [second.orderId, second.itemId, 5, 5],
      [first.orderId, first.itemId, 4, 5],
    ]);
    await refund(second.orderId, second.itemId, 1);
    await database('products').where({ id: first.productId }).update({ file_id: null });
    const left = await list(reader);
    expect(left.map(({ orderId }) => orderId)).not.toContain(second.orderId);
    expect(left.at(-1)).toMatchObject({ orderId: first.orderId, filename: null });
    expect(await list(other)).toEqual([]);
  });

  it('ends after 15 minutes, and at once when the order is refunded', async () => {
    const item = await aDownload(owner);
    const link = linkOf(await startingDownload(owner, item).expect(302));
    const expires = Number(link.split('.')[2]) * 1000;
    expect(expires - Date.now()).toBeGreaterThan(14 * 60_000);
    expect(expires - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(expires + 1);
    await anonymous.get(link).expect(404);
    clock.mockRestore();
    await anonymous.get(link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))).expect(404);
    await anonymous.get(link).expect(200);
    await refund(item.orderId, item.itemId, 1);
    expect(codeOf(await anonymous.get(link).expect(409))).toBe('ORDER_NOT_PAID');
    await startingDownload(owner, item).expect(409);
  });

  it('is for who bought it, and only once it is paid', async () => {
    const item = await aDownload(owner);
    for (const stranger of [await registerUser(), seller, await theAdmin()])
      await startingDownload(stranger, item).expect(404);
    await startingDownload(owner, { ...item, itemId: 2 }).expect(404);
    const order = await ordered(owner, [{ productId: await aProduct() }]);
    const unpaid = await startingDownload(owner, { orderId: order.id, itemId: 1 }).expect(409);
    expect(codeOf(unpaid)).toBe('ORDER_NOT_PAID');
    await database('products').where({ id: item.productId }).update({ file_id: null });
    await startingDownload(owner, item).expect(404);
    expect(await database('order_downloads').where({ order_id: item.orderId })).toEqual([]);
  });
});
