import { database } from '../../../src/database';
import { codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import {
  ADA,
  aProduct,
  checkedOut,
  expireOrder,
  fillCart,
  ordered,
  payNow,
  type CartLine,
} from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { balancesOf, granted } from '../../helpers/credits';
import { PDF } from '../../helpers/files';
import { anUnsentOrder, aDownload, fulfilling, startingDownload, withdrawing } from '../../helpers/fulfillment';
import { violations } from '../../helpers/invariants';
import { activated, issued, licensesOf } from '../../helpers/licenses';
import { allDone } from '../../helpers/messages';
import { aPaidOrder, orderOf, refunding, settleMoney } from '../../helpers/orders';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { makeShippingOption, theAdmin } from '../../helpers/store';

const DAY = 24 * 60 * 60_000;

let seller: TestUser;
beforeAll(async () => {
  seller = await theOrganizer();
});
afterAll(async () => expect(await violations(database)).toEqual([]));

interface Withdrawable {
  items: { itemId: number; withdrawableQuantity: number; until: string | null; reason: string | null }[];
  withdrawals: { id: number }[];
}
interface Withdrawal {
  id: number;
  items: { itemId: number; quantity: number; amount: string }[];
  refundAmount: string;
}

const dataOf = <T>({ body }: { body: unknown }): T => (body as { data: T }).data;
const withdrawable = async (owner: TestUser, orderId: number): Promise<Withdrawable> =>
  dataOf(await as(owner).get(`/api/orders/${orderId}/withdrawal`).expect(200));
const itemsOf = async (owner: TestUser, orderId: number) =>
  (await withdrawable(owner, orderId)).items.map((item) => [item.withdrawableQuantity, item.until, item.reason]);
const withdrawn = async (owner: TestUser, orderId: number, ...items: [itemId: number, quantity: number][]) =>
  dataOf<Withdrawal>(
    await withdrawing(owner, orderId, {
      confirm: true,
      ...(items.length > 0 && { items: items.map(([itemId, quantity]) => ({ itemId, quantity })) }),
    }).expect(201),
  );
const refusalOf = async (owner: TestUser, orderId: number, fields?: Record<string, unknown>) =>
  codeOf(await withdrawing(owner, orderId, fields).expect(409));
const units = (itemId: number, quantity: number) => ({ items: [{ itemId, quantity }], confirm: true });

/** Orders these lines with shipping at 5.00, and pays. */
async function bought(lines: CartLine[], fields: Record<string, unknown> = {}) {
  const owner = await registerUser();
  const option = await makeShippingOption({ name: 'Post', price: '5.00' });
  await fillCart(owner, lines);
  const address = { shippingAddress: ADA, shippingOptionId: option.id };
  const order = await checkedOut(owner, { paymentMethod: 'sandbox', ...address, ...fields });
  await payNow(order);
  return { owner, order, orderId: order.id };
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY);

/** Records that units were sent so many days ago. */
async function sentBefore(orderId: number, itemId: number, { quantity, days }: { quantity: number; days: number }) {
  const sent = { order_id: orderId, created_by: seller.user.id, created_at: daysAgo(days) };
  const [row] = await database('fulfillments').insert(sent).returning('id');
  await database('fulfillment_items').insert({
    fulfillment_id: row!.id,
    order_id: orderId,
    position: itemId,
    quantity,
  });
}

describe('what needs shipping', () => {
  it('can always be withdrawn before it is sent, and 14 days after the last of it', async () => {
    const { owner, orderId, itemId } = await anUnsentOrder({ quantity: 3 });
    expect(await itemsOf(owner, orderId)).toEqual([[3, null, null]]);
    await sentBefore(orderId, itemId, { quantity: 1, days: 30 });
    expect(await itemsOf(owner, orderId)).toEqual([[3, null, null]]);
    await fulfilling(seller, orderId, { items: [{ itemId, quantity: 2 }] }).expect(201);
    const [[count, until, reason] = []] = await itemsOf(owner, orderId);
    expect([count, reason]).toEqual([3, null]);
    expect(Math.abs(new Date(until as string).getTime() - Date.now() - 14 * DAY)).toBeLessThan(60_000);
  });

  it('409 WITHDRAWAL_PERIOD_OVER after that, as a whole and by item', async () => {
    const { owner, orderId, itemId } = await anUnsentOrder({ quantity: 1 });
    await sentBefore(orderId, itemId, { quantity: 1, days: 14 });
    expect(await itemsOf(owner, orderId)).toEqual([[0, expect.any(String), 'PERIOD_OVER']]);
    expect(await refusalOf(owner, orderId)).toBe('WITHDRAWAL_PERIOD_OVER');
    expect(await refusalOf(owner, orderId, units(itemId, 1))).toBe('WITHDRAWAL_PERIOD_OVER');
    expect(await database('withdrawals').where({ order_id: orderId })).toEqual([]);
    const other = await anUnsentOrder({ quantity: 1 });
    await sentBefore(other.orderId, other.itemId, { quantity: 1, days: 13.9 });
    await withdrawn(other.owner, other.orderId);
  });

  it('has a period of its own for each seller', async () => {
    const lines = [
      { productId: await aProduct({ productType: 'physical' }) },
      { productId: await aProduct({ productType: 'physical', seller: await registerUser({ role: 'organizer' }) }) },
    ];
    const { owner, order, orderId } = await bought(lines);
    await sentBefore(orderId, order.items[0]!.id, { quantity: 1, days: 15 });
    expect(await itemsOf(owner, orderId)).toEqual([
      [0, expect.any(String), 'PERIOD_OVER'],
      [1, null, null],
    ]);
    expect(await withdrawn(owner, orderId)).toMatchObject({ refundAmount: '10.00' });
  });

  it('is refunded by unit, and the shipping with the last of the goods', async () => {
    const productId = await aProduct({ productType: 'physical', stock: 5 });
    const { owner, order, orderId } = await bought([{ productId, quantity: 3 }]);
    const [shirt, shipping] = order.items.map(({ id }) => id) as [number, number];
    expect(await withdrawn(owner, orderId, [shirt, 1])).toEqual({
      id: expect.any(Number),
      orderId,
      receivedAt: expect.any(String),
      items: [{ itemId: shirt, quantity: 1, amount: '10.00' }],
      refundAmount: '10.00',
      currency: 'USD',
    });
    expect(await itemsOf(owner, orderId)).toEqual([[2, null, 'RETURNED']]);
    expect(await refusalOf(owner, orderId, units(shirt, 3))).toBe('WITHDRAWAL_EXCLUDED');
    const rest = await withdrawn(owner, orderId);
    expect(rest).toMatchObject({
      items: [
        { itemId: shirt, quantity: 2, amount: '20.00' },
        { itemId: shipping, quantity: 1, amount: '5.00' },
      ],
      refundAmount: '25.00',
    });
    await settleMoney();
    const after = await orderOf(owner, orderId);
    expect(after.status).toBe('refunded');
    expect(after.refunds.map(({ amount, status }) => [amount, status])).toEqual([
      ['10.00', 'succeeded'],
      ['25.00', 'succeeded'],
    ]);
    const { items, withdrawals } = await withdrawable(owner, orderId);
    expect([items[0]!.reason, withdrawals.length]).toEqual(['RETURNED', 2]);
    // The same again is the first one, although nothing is left.
    expect((await withdrawn(owner, orderId)).id).toBe(rest.id);
    const actions = await database('audit_entries').where({ subject_id: orderId, action: 'order.withdraw' });
    expect(actions.length).toBe(2);
  });
});

describe('what is excluded', () => {
  it('tickets of an event', async () => {
    const { owner, orderId } = await aPaidOrder();
    expect(await itemsOf(owner, orderId)).toEqual([[0, null, 'EVENT_TICKET']]);
    expect(await refusalOf(owner, orderId)).toBe('WITHDRAWAL_EXCLUDED');
    const answer = await withdrawing(owner, orderId, units(1, 1)).expect(409);
    expect((answer.body as { error: { details: unknown[] } }).error.details).toEqual([
      expect.objectContaining({ itemId: 1, withdrawableQuantity: 0, reason: 'EVENT_TICKET' }),
    ]);
  });

  it('licenses that a device has used; the others are revoked', async () => {
    const { owner, orderId, licenses } = await issued();
    await activated(licenses[0]!.key, 1);
    expect(await itemsOf(owner, orderId)).toEqual([[1, expect.any(String), 'LICENSE_ACTIVATED']]);
    expect(await refusalOf(owner, orderId, units(1, 2))).toBe('WITHDRAWAL_EXCLUDED');
    expect(await withdrawn(owner, orderId)).toMatchObject({ refundAmount: '49.00' });
    const statuses = new Map((await licensesOf(owner)).map(({ id, status }) => [id, status]));
    expect([statuses.get(licenses[0]!.id), statuses.get(licenses[1]!.id)]).toEqual(['active', 'revoked']);
    expect(await itemsOf(owner, orderId)).toEqual([[0, null, 'LICENSE_ACTIVATED']]);
  });

  it.each([
    [true, [0, null, 'DOWNLOADED']],
    [false, [1, expect.any(String), null]],
  ])('downloads that were begun, if the terms were accepted: %s', async (isAccepted, expected) => {
    const owner = await registerUser();
    const item = await aDownload(owner, PDF, { acceptedTerms: isAccepted });
    expect((await itemsOf(owner, item.orderId))[0]).toEqual([1, expect.any(String), null]);
    await startingDownload(owner, item).expect(302);
    expect((await itemsOf(owner, item.orderId))[0]).toEqual(expected);
    if (isAccepted) expect(await refusalOf(owner, item.orderId)).toBe('WITHDRAWAL_EXCLUDED');
    else {
      await withdrawn(owner, item.orderId);
      expect(codeOf(await startingDownload(owner, item).expect(409))).toBe('ORDER_NOT_PAID');
    }
  });

  it('what needs no shipping, 14 days after the payment', async () => {
    const owner = await registerUser();
    const order = await ordered(owner, [{ productId: await aProduct() }], { paymentMethod: 'sandbox' });
    await payNow(order);
    const orderId = order.id;
    await database('orders')
      .where({ id: orderId })
      .update({ paid_at: daysAgo(14) });
    expect(await itemsOf(owner, orderId)).toEqual([[0, expect.any(String), 'PERIOD_OVER']]);
    expect(await refusalOf(owner, orderId)).toBe('WITHDRAWAL_PERIOD_OVER');
  });
});

describe('withdrawOrder', () => {
  it('is one, also of ten at once and with the items in another order', async () => {
    const products = [await aProduct(), await aProduct()];
    const { owner, order, orderId } = await bought([
      ...products.map((productId) => ({ productId, quantity: 2 })),
      { productId: await aProduct({ productType: 'physical' }) },
    ]);
    const [a, b] = order.items.map(({ id }) => id) as [number, number];
    const lines = [
      { itemId: a, quantity: 1 },
      { itemId: b, quantity: 1 },
    ];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_none, n) =>
        withdrawing(owner, orderId, { items: n % 2 ? lines : [...lines].reverse(), confirm: true }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    expect(new Set(answers.map((answer) => JSON.stringify(dataOf(answer)))).size).toBe(1);
    await settleMoney();
    expect((await orderOf(owner, orderId)).refunds.map(({ amount }) => amount)).toEqual(['20.00']);
  });

  it('is for the customer alone, confirmed, of a paid order and its items', async () => {
    const { owner, orderId, itemId } = await anUnsentOrder({ quantity: 1 });
    const stranger = await registerUser();
    for (const other of [stranger, seller, await theAdmin()]) await withdrawing(other, orderId).expect(404);
    await as(stranger).get(`/api/orders/${orderId}/withdrawal`).expect(404);
    for (const staff of [seller, await theAdmin()])
      expect(await withdrawable(staff, orderId)).toEqual(await withdrawable(owner, orderId));
    for (const fields of [
      {},
      { confirm: false },
      { items: [], confirm: true },
      units(itemId, 0),
      units(99, 1),
      // Shipping follows the goods.
      units(itemId + 1, 1),
    ])
      expect(codeOf(await withdrawing(owner, orderId, fields).expect(400))).toBe('VALIDATION_ERROR');
    await fillCart(owner, [{ productId: await aProduct() }]);
    const { id } = await checkedOut(owner);
    expect(await refusalOf(owner, id)).toBe('ORDER_NOT_PAID');
    expect(codeOf(await as(owner).get(`/api/orders/${id}/withdrawal`).expect(409))).toBe('ORDER_NOT_PAID');
  });

  it('pays back what credits have paid as credits, and only what was not refunded before', async () => {
    const owner = await registerUser();
    await granted(owner, '15.00');
    const lines = [{ productId: await aProduct({ currency: 'EUR' }), quantity: 3 }];
    const order = await ordered(owner, lines, { creditsAmount: '15.00', paymentMethod: 'sandbox' });
    await payNow(order);
    await refunding(seller, order.id, { items: [{ itemId: order.items[0]!.id, quantity: 1 }] }).expect(200);
    expect(await withdrawn(owner, order.id)).toMatchObject({ refundAmount: '20.00' });
    expect((await balancesOf(owner))[0]).toMatchObject({ balance: '15.00' });
  });
});

describe('a notice', () => {
  let worker: MailedWorker;
  beforeAll(async () => {
    worker = await startMailedWorker();
  });
  afterAll(() => worker.stop());

  it.each([
    ['en', 'We have received your withdrawal from order'],
    ['de', 'Wir haben Ihren Widerruf zur Bestellung'],
  ])('confirms the receipt of a withdrawal, in %s', async (locale, subject) => {
    const { owner, order, orderId } = await bought([{ productId: await aProduct({ productType: 'physical' }) }]);
    await database('users').where({ id: owner.user.id }).update({ locale });
    await withdrawn(owner, orderId);
    await withdrawn(owner, orderId);
    await allDone();
    const mails = worker.mail.mailsTo(owner.user.email).filter((mail) => mail.subject?.startsWith(subject));
    expect(mails.length).toBe(1);
    for (const text of [order.orderNumber, '1 × A thing', '15']) expect(mails[0]!.text).toContain(text);
  });

  it.each([
    ['en', 'A customer has withdrawn from order'],
    ['de', 'Widerruf zur Bestellung'],
  ])('tells each seller of a withdrawal of their own items, in %s', async (locale, subject) => {
    const sellers = [await registerUser({ role: 'organizer' }), await registerUser({ role: 'organizer' })];
    await database('users')
      .whereIn(
        'id',
        sellers.map(({ user }) => user.id),
      )
      .update({ locale });
    const products = sellers.map((one) => aProduct({ seller: one, productType: 'physical' }));
    const lines = (await Promise.all(products)).map((productId, index) => ({ productId, quantity: index + 1 }));
    const { owner, order, orderId } = await bought(lines);
    await withdrawn(owner, orderId);
    await allDone();
    for (const [index, { user, token }] of sellers.entries()) {
      const mails = worker.mail.mailsTo(user.email).filter((mail) => mail.subject?.startsWith(subject));
      expect(mails.length).toBe(1);
      for (const text of [order.orderNumber, `${index + 1} × A thing`]) expect(mails[0]!.text).toContain(text);
      expect(mails[0]!.text).not.toContain(`${2 - index} × A thing`);
      const { body } = await as(token).get('/api/notifications').expect(200);
      expect(body).toMatchObject({ data: [{ kind: 'order.withdrawal_received' }] });
    }
  });

  it.each([
    ['en', 'Your order', 'It was not paid in time'],
    ['de', 'Ihre Bestellung', 'Sie wurde nicht rechtzeitig bezahlt'],
  ])('tells the customer that an order of goods has expired, in %s', async (locale, subject, text) => {
    const owner = await registerUser();
    await database('users').where({ id: owner.user.id }).update({ locale });
    const { id, orderNumber } = await ordered(owner, [{ productId: await aProduct({ stock: 1 }) }]);
    await expireOrder(id);
    await allDone();
    const mails = worker.mail.mailsTo(owner.user.email);
    expect(mails.map((mail) => mail.subject?.startsWith(`${subject} ${orderNumber}`))).toEqual([true]);
    for (const part of [text, '1 × A thing']) expect(mails[0]!.text).toContain(part);
    const { body } = await as(owner).get('/api/notifications').expect(200);
    expect(body).toMatchObject({ data: [{ kind: 'order.expired' }] });
  });
});
