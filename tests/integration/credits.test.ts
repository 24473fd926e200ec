import { database, runInTransaction } from '../../src/database';
import { grantPurchasedCredits, takeBackPurchasedCredits } from '../../src/services/credits/buy-and-return-credits';
import { announceEndingCredits, expireCredits } from '../../src/services/credits/expire-credits';
import { holdCredits, lockCredits, releaseCredits } from '../../src/services/credits/hold-credits';
import { PASSWORD, type TestUser } from '../helpers/accounts';
import { codeOf, registerUser } from '../helpers/bookings';
import { aProduct, expireOrder, ordered, payLate, type CheckedOut } from '../helpers/checkout';
import { as } from '../helpers/client';
import {
  anOrder,
  balancesOf,
  bought,
  capturing,
  entriesOf,
  granted,
  grantedUntilNow,
  granting,
  holding,
  kindsOf,
  refundingToCredits,
  theGranter,
} from '../helpers/credits';
import { activated, aLicense, licensesOf, makeLicenseProduct, verified } from '../helpers/licenses';
import { atSandbox, deciding, delivering, ledgerOf, orderOf, sandboxDelivery, settleMoney } from '../helpers/orders';
import { messagesOf } from '../helpers/messages';

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

describe('grantCredits', () => {
  it('gives and takes back, never below 0, and records who did', async () => {
    const user = await registerUser();
    const expiresAt = inDays(40);
    const given = await granted(user, '10.00', { expiresAt, reason: 'The second act was cut short' });
    expect(given).toMatchObject({ kind: 'grant', amount: '10.00', currency: 'EUR', expiresAt });
    await granted(user, '500', { currency: 'JPY' });
    await granted(user, '-4.00', { reason: 'Too much' });
    const refused = await granting(user, '-6.01');
    expect(codeOf(refused)).toBe('INSUFFICIENT_CREDITS');
    expect(refused.body).toMatchObject({
      error: { details: [{ path: 'credits', available: '6.00', currency: 'EUR' }] },
    });
    expect(await balancesOf(user)).toEqual([
      { currency: 'EUR', balance: '6.00', held: '0.00', expiring: [{ amount: '6.00', expiresAt }] },
      { currency: 'JPY', balance: '500', held: '0', expiring: [] },
    ]);
    expect(await kindsOf(user)).toEqual(['adjust -4.00', 'grant 500', 'grant 10.00']);
    expect(await entriesOf(user, { kind: 'grant', currency: 'jpy' })).toHaveLength(1);
    const audited = await database('audit_entries').where({ action: 'user.grant_credits', subject_id: user.user.id });
    expect(audited).toHaveLength(3);
    expect(audited[0]).toMatchObject({ actor_id: (await theGranter()).user.id, details: { amount: '10.00' } });
    const told = (await messagesOf('credits.granted')).filter(({ payload }) => payload.creditEntryId === given.id);
    expect(told).toHaveLength(1);
  });

  it.each([
    ['nothing', { amount: '0' }, 'amount'],
    ['more decimals than the currency has', { amount: '1.005' }, 'amount'],
    ['taking back with an end', { amount: '-1.00', expiresAt: inDays(1) }, 'expiresAt'],
    ['an end in the past', { expiresAt: inDays(-1) }, 'expiresAt'],
    ['an unknown currency', { currency: 'XXZ' }, 'currency'],
    ['an empty reason', { reason: ' ' }, 'reason'],
    ['another notation', { amount: '1e3' }, 'amount'],
  ])('refuses %s', async (_name, fields, path) => {
    const user = await registerUser();
    const { status, body } = await granting(user, '1.00', fields);
    expect({ status, body: body as unknown }).toMatchObject({ status: 400, body: { error: { details: [{ path }] } } });
    expect(await balancesOf(user)).toEqual([]);
  });

  it('is an admin’s, and of an account that exists', async () => {
    const user = await registerUser();
    const grant = { amount: '1.00', currency: 'EUR', reason: 'Me' };
    await as(user).post(`/api/admin/users/${user.user.id}/credits`).send(grant).expect(403);
    await as(await theGranter())
      .post('/api/admin/users/2000000000/credits')
      .send(grant)
      .expect(404);
    const listed = await as(await theGranter())
      .get(`/api/admin/users/${user.user.id}/credits`)
      .expect(200);
    expect(listed.body).toMatchObject({ data: [] });
  });
});

describe('holdCredits', () => {
  it('sets aside what was given first, then what expires first, and gives it back where it came from', async () => {
    const user = await registerUser();
    await bought(user, '20.00');
    await granted(user, '5.00', { expiresAt: inDays(60) });
    const soon = inDays(20);
    await granted(user, '5.00', { expiresAt: soon });
    const spending = await anOrder();
    await holding(user, '7.00', spending);
    expect(await balancesOf(user)).toMatchObject([{ balance: '23.00', held: '7.00', expiring: [{ amount: '3.00' }] }]);
    expect(await runInTransaction((trx) => releaseCredits(trx, spending))).toBe('7.000');
    expect(await runInTransaction((trx) => releaseCredits(trx, spending))).toBeUndefined();
    expect(await balancesOf(user)).toMatchObject([
      { balance: '30.00', held: '0.00', expiring: [{ amount: '5.00', expiresAt: soon }, { amount: '5.00' }] },
    ]);
    // A late payment takes them again.
    await holding(user, '30.00', spending);
    await capturing(spending);
    expect(await balancesOf(user)).toMatchObject([{ balance: '0.00', held: '0.00', expiring: [] }]);
    expect(await kindsOf(user)).toEqual([
      'spend -30.00',
      'release 7.00',
      'spend -7.00',
      'grant 5.00',
      'grant 5.00',
      'purchase 20.00',
    ]);
  });

  it('says what there is if that is too little, and holds once for an order', async () => {
    const user = await registerUser();
    const orderId = await anOrder();
    await granted(user, '10.00');
    await grantedUntilNow(user, '50.00');
    await expect(holding(user, '10.01', orderId)).rejects.toMatchObject({
      code: 'INSUFFICIENT_CREDITS',
      details: [{ available: '10.00', currency: 'EUR' }],
    });
    const accounts = [user.user.id, 0].map((userId) => ({ userId, currency: 'EUR' }));
    expect(await runInTransaction((trx) => lockCredits(trx, accounts))).toMatchObject([
      { available: '10' },
      { available: '0' },
    ]);
    await holding(user, '1.00', orderId);
    await expect(holding(user, '1.00', orderId)).rejects.toMatchObject({ constraint: 'credit_holds_order_id_key' });
    expect(await balancesOf(user)).toMatchObject([{ balance: '9.00', held: '1.00' }]);
  });

  it('spends one balance once, in 100 orders at once', async () => {
    const user = await registerUser();
    await granted(user, '10.00');
    // Given in parts, so that a race would show in the lots, too.
    await granted(user, '5.00');
    const orderIds = await Promise.all(Array.from({ length: 10 }, anOrder));
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => holding(user, '15.00', orderIds[index % 10]!)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'INSUFFICIENT_CREDITS' });
    expect(await balancesOf(user)).toMatchObject([{ balance: '0.00', held: '15.00' }]);
  });

  it('is refused by PostgreSQL if a balance is spent twice without the lock', async () => {
    const user = await registerUser();
    await granted(user, '10.00');
    const orderIds = [await anOrder(), await anOrder()];
    let arrived = 0;
    let open = () => {};
    const bothRead = new Promise<void>((resolve) => (open = resolve));
    const results = await Promise.allSettled(
      orderIds.map((orderId) =>
        runInTransaction(async (trx) => {
          const lockless = new Proxy(trx, {
            get: (target, name) => {
              const value = target[name as keyof typeof target] as unknown;
              if (name !== 'raw') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
              return (sql: string, values: never) => {
                const statement = target.raw(sql.replace('FOR NO KEY UPDATE', ''), values);
                if (!sql.includes('FROM credit_lots l')) return statement;
                return {
                  options: async () => {
                    const rows = await statement;
                    arrived += 1;
                    if (arrived === 2) open();
                    await bothRead;
                    return rows;
                  },
                };
              };
            },
            apply: (target, self, args) => Reflect.apply(target as never, self, args) as unknown,
          });
          await holdCredits(lockless, { userId: user.user.id, currency: 'EUR', amount: '10.00', orderId });
        }),
      ),
    );
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: '23514', constraint: 'credit_lots_remaining' });
  });
});

describe('refundToCredits', () => {
  it('returns bought credits first, and given ones for at least 30 days', async () => {
    const user = await registerUser();
    const orderId = await anOrder();
    await bought(user, '6.00');
    await granted(user, '4.00', { expiresAt: inDays(2) });
    await holding(user, '10.00', orderId);
    await capturing(orderId);
    await refundingToCredits(user, { amount: '5.00', orderId, wasPaidWithCredits: true });
    expect(await balancesOf(user)).toMatchObject([{ balance: '5.00', expiring: [] }]);
    await refundingToCredits(user, { amount: '5.00', orderId, wasPaidWithCredits: true });
    const [{ balance, expiring }] = (await balancesOf(user)) as [Awaited<ReturnType<typeof balancesOf>>[number]];
    expect({ balance, expiring }).toMatchObject({ balance: '10.00', expiring: [{ amount: '4.00' }] });
    expect(Date.parse(expiring[0]!.expiresAt)).toBeGreaterThan(Date.now() + 29 * DAY_MS);
    await expect(refundingToCredits(user, { amount: '0.01', orderId, wasPaidWithCredits: true })).rejects.toThrow(
      'was not paid with that many credits',
    );
    await refundingToCredits(user, { amount: '1.00', orderId, wasPaidWithCredits: false });
    expect(await balancesOf(user)).toMatchObject([{ balance: '11.00' }]);
  });
});

describe('grantPurchasedCredits', () => {
  it('adds what an order bought once, and takes it back unless it was spent', async () => {
    const user = await registerUser();
    const productId = await aProduct({ productType: 'credit', currency: 'EUR', price: '23.00', creditAmount: '25.00' });
    const lines = [{ productId, quantity: 2 }];
    const { id: orderId, payment } = await ordered(user, lines, { paymentMethod: 'sandbox' });
    expect(await balancesOf(user)).toEqual([]);
    await deciding(payment!.paymentIntentId, 'succeed').expect(200);
    expect(await kindsOf(user)).toEqual(['purchase 50.00']);
    const purchase = { userId: user.user.id, currency: 'EUR', amount: '50.00', orderId };
    await Promise.all([1, 2].map(() => runInTransaction((trx) => grantPurchasedCredits(trx, purchase))));
    expect(await kindsOf(user)).toEqual(['purchase 50.00']);
    // Sold are 46.00 of money; 50.00 are owed.
    const books = { 'provider:sandbox': '46.000', 'provider:credits': '-50.000', sales: '4.000' };
    expect(await ledgerOf(orderId)).toMatchObject(books);
    const spending = await anOrder();
    await holding(user, '20.00', spending);
    await capturing(spending);
    const back = { orderId, amount: '50.00' };
    await expect(runInTransaction((trx) => takeBackPurchasedCredits(trx, back))).rejects.toMatchObject({
      code: 'INSUFFICIENT_CREDITS',
      details: [{ available: '30.00' }],
    });
    // After a chargeback there is nobody to refuse.
    expect(await runInTransaction((trx) => takeBackPurchasedCredits(trx, { ...back, isPartial: true }))).toBe('30');
    expect(await balancesOf(user)).toMatchObject([{ balance: '0.00' }]);
    expect(await ledgerOf(orderId)).toMatchObject({ sales: '-26.000', 'provider:credits': '-20.000' });
  });
});

describe('orderCredits', () => {
  const buying = (user: TestUser, fields: object = {}) =>
    as(user)
      .post('/api/credits/purchase')
      .send({ amount: '25.50', currency: 'EUR', paymentMethod: 'sandbox', ...fields });

  it('orders any amount, which comes in when it is paid, and not when the order expires', async () => {
    const user = await registerUser();
    await theGranter();
    const { body, headers } = await buying(user).expect(201);
    const order = (body as { data: CheckedOut }).data;
    expect(headers.location).toBe(`/api/orders/${order.id}`);
    expect(order).toMatchObject({ status: 'pending', total: '25.50', currency: 'EUR', fulfillmentStatus: 'none' });
    expect(order.items).toMatchObject([{ kind: 'product', productType: 'credit', quantity: 1, unitPrice: '25.50' }]);
    expect(await balancesOf(user)).toEqual([]);
    await deciding(order.payment!.paymentIntentId, 'succeed').expect(200);
    expect(await balancesOf(user)).toMatchObject([{ currency: 'EUR', balance: '25.50' }]);
    const second = (await buying(user, { amount: 700, currency: 'jpy' }).expect(201)).body as { data: CheckedOut };
    await expireOrder(second.data.id);
    expect((await orderOf(user, second.data.id)).status).toBe('expired');
    expect(await kindsOf(user)).toEqual(['purchase 25.50']);
    await payLate(second.data);
    expect(await kindsOf(user)).toEqual(['purchase 700', 'purchase 25.50']);
  });

  it('refuses credits for credits, and what is no amount', async () => {
    const user = await registerUser();
    expect(codeOf(await buying(user, { paymentMethod: 'credits' }).expect(409))).toBe('CREDITS_NOT_ALLOWED');
    for (const amount of ['0', '1.005', '-5.00']) await buying(user, { amount }).expect(400);
    await buying(user, { paymentMethod: 'paypal' }).expect(400);
  });
});

describe('a disputed order', () => {
  it('suspends its licenses and takes back what is left of its credits, until the dispute is won', async () => {
    const user = await registerUser();
    const credits = { productType: 'credit', currency: 'EUR', price: '50.00', creditAmount: '50.00' };
    const lines = [{ productId: await aProduct(credits) }, { productId: await makeLicenseProduct() }];
    const { payment } = await ordered(user, lines, { paymentMethod: 'sandbox' });
    const { paymentIntentId } = payment!;
    await deciding(paymentIntentId, 'succeed').expect(200);
    await holding(user, '20.00', await anOrder());
    const dispute = async (isDisputed: boolean) => {
      await atSandbox(paymentIntentId, { is_disputed: isDisputed });
      await delivering(sandboxDelivery(paymentIntentId, 'payment.disputed')).expect(200);
      await settleMoney();
      const [[license], [balance]] = await Promise.all([licensesOf(user), balancesOf(user)]);
      return { status: license!.status, balance: balance!.balance, held: balance!.held };
    };
    expect(await dispute(true)).toEqual({ status: 'suspended', balance: '0.00', held: '20.00' });
    expect(await dispute(true)).toEqual({ status: 'suspended', balance: '0.00', held: '20.00' });
    expect(await dispute(false)).toEqual({ status: 'active', balance: '30.00', held: '20.00' });
    expect(await kindsOf(user)).toEqual(['adjust 30.00', 'adjust -30.00', 'spend -20.00', 'purchase 50.00']);
  });
});

describe('expireCredits', () => {
  it('enters what has ended, which could not be spent or seen before either', async () => {
    const user = await registerUser();
    await granted(user, '2.00', { expiresAt: inDays(3) });
    await grantedUntilNow(user, '3.00');
    await grantedUntilNow(user, '4.00');
    expect(await balancesOf(user)).toMatchObject([{ balance: '2.00' }]);
    await expireCredits();
    expect(await expireCredits()).toBe(0);
    expect((await kindsOf(user))[0]).toBe('expire -7.00');
    expect(await balancesOf(user)).toMatchObject([{ balance: '2.00' }]);
    await announceEndingCredits();
    expect(await announceEndingCredits()).toBe(0);
    const told = (await messagesOf('credits.expiring')).filter(({ payload }) => payload.userId === user.user.id);
    expect(told).toHaveLength(1);
  });
});

describe('privacy', () => {
  it('exports licenses and credits without keys, and forgets the devices of an erased account', async () => {
    const { key, license, owner } = await aLicense();
    await activated(key, 1, { name: 'Laptop' });
    await granted(owner, '3.00', { reason: 'Dear Ada' });
    const { text } = await as(owner).get('/api/users/me/export').expect(200);
    const { data } = JSON.parse(text) as { data: Record<string, object[]> };
    expect(data.licenses).toMatchObject([{ id: license.id, status: 'active' }]);
    expect(data.licenseActivations).toMatchObject([{ name: 'Laptop' }]);
    expect(data.credits).toMatchObject([{ currency: 'EUR', balance: '3.00' }]);
    expect(data.creditEntries).toMatchObject([{ amount: '3.00', reason: 'Dear Ada' }]);
    expect(text).not.toMatch(/keyHash|encryptedKey/);
    await as(owner).delete('/api/users/me').send({ password: PASSWORD }).expect(204);
    expect(await database('license_activations').where({ license_id: license.id }).pluck('id')).toEqual([]);
    expect(await database('credit_entries').where('user_id', owner.user.id).pluck('reason')).toEqual([null]);
    expect(await verified(key)).toMatchObject({ code: 'VALID' });
  });
});

describe('PostgreSQL', () => {
  it.each([
    ['a balance that no entry has changed', 'UPDATE credit_balances SET balance = balance + 1 WHERE user_id = :id'],
    [
      'a balance below 0',
      `INSERT INTO credit_entries (user_id, currency, kind, amount) VALUES (:id, 'EUR', 'adjust', -11)`,
    ],
    [
      'an entry without a lot',
      `INSERT INTO credit_entries (user_id, currency, kind, amount) VALUES (:id, 'EUR', 'grant', 1)`,
    ],
    [
      'an entry with the wrong sign',
      `INSERT INTO credit_entries (user_id, currency, kind, amount) VALUES (:id, 'EUR', 'grant', -1)`,
    ],
    ['a changed entry', 'UPDATE credit_entries SET amount = 100 WHERE user_id = :id'],
    ['a deleted entry', 'DELETE FROM credit_entries WHERE user_id = :id'],
    ['a lot of more than came in', 'UPDATE credit_lots SET remaining = 11 WHERE user_id = :id'],
    ['a lot that ends later', `UPDATE credit_lots SET expires_at = now() + interval '1 year' WHERE user_id = :id`],
  ])('refuses %s', async (_name, sql) => {
    const user = await registerUser();
    await granted(user, '10.00');
    await expect(database.raw(sql, { id: user.user.id })).rejects.toMatchObject({
      code: expect.stringMatching(/^23/) as unknown,
    });
  });
});
