import { codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { aProduct, checkingOut, expireOrder, fillCart, ordered, payLate } from '../../helpers/checkout';
import { anOrder, balancesOf, bought, granted, holding, kindsOf } from '../../helpers/credits';
import { deciding, ledgerOf, orderOf, refunding, settleMoney } from '../../helpers/orders';

const product = (fields: object = {}) => aProduct({ currency: 'EUR', price: '10.00', ...fields });

const balanceOf = async (user: TestUser) => {
  const [own] = await balancesOf(user);
  return { balance: own!.balance, held: own!.held };
};

async function spender(amount = '15.00'): Promise<TestUser> {
  const user = await registerUser();
  await granted(user, amount);
  return user;
}

describe('creditsAmount', () => {
  it('is set aside beside another method, and spent when the rest is paid', async () => {
    const user = await spender();
    const lines = [{ productId: await product({ taxRate: '20', taxInclusive: false }), quantity: 2 }];
    const order = await ordered(user, lines, { creditsAmount: '10.00', paymentMethod: 'sandbox' });
    expect(order).toMatchObject({ status: 'pending', total: '24.00', creditsApplied: '10.00' });
    expect(order.payments).toMatchObject([{ amount: '14.00' }]);
    expect(await balanceOf(user)).toEqual({ balance: '5.00', held: '10.00' });
    expect(await ledgerOf(order.id)).toEqual({});
    await deciding(order.payment!.paymentIntentId, 'succeed').expect(200);
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'paid', creditsApplied: '10.00' });
    expect(await balanceOf(user)).toEqual({ balance: '5.00', held: '0.00' });
    const books = await ledgerOf(order.id);
    expect(books).toMatchObject({ 'provider:credits': '10.000', 'provider:sandbox': '14.000' });
    expect(Number(books.sales) + Number(books.tax)).toBe(-24);
  });

  it('comes back when the order expires, and is taken again by a late payment if it is still there', async () => {
    const user = await spender();
    const lines = [{ productId: await product({ stock: 5 }), quantity: 2 }];
    const pay = { creditsAmount: 15, paymentMethod: 'sandbox' } as const;
    const order = await ordered(user, lines, pay);
    await expireOrder(order.id);
    expect(await balanceOf(user)).toEqual({ balance: '15.00', held: '0.00' });
    await payLate({ ...order, total: '5.00' });
    expect((await orderOf(user, order.id)).status).toBe('paid');
    expect(await balanceOf(user)).toEqual({ balance: '0.00', held: '0.00' });
    expect(await kindsOf(user)).toEqual(['spend -15.00', 'release 15.00', 'spend -15.00', 'grant 15.00']);

    await granted(user, '15.00');
    const second = await ordered(user, lines, pay);
    await expireOrder(second.id);
    await holding(user, '1.00', await anOrder());
    await payLate({ ...second, total: '5.00' });
    expect((await orderOf(user, second.id)).status).toBe('refunded');
    expect(await balanceOf(user)).toEqual({ balance: '14.00', held: '1.00' });
  });

  it('pays at once if it covers the total, and never takes more than that', async () => {
    const user = await spender();
    const order = await ordered(user, [{ productId: await product() }], { creditsAmount: '14.00' });
    expect(order).toMatchObject({ status: 'paid', total: '10.00', creditsApplied: '10.00', payment: null });
    expect(await balanceOf(user)).toEqual({ balance: '5.00', held: '0.00' });
  });
});

describe('a refund', () => {
  it('returns the money first, then the credits', async () => {
    const user = await spender();
    const lines = [{ productId: await product({ taxRate: '20', taxInclusive: false }), quantity: 2 }];
    const { id, payment } = await ordered(user, lines, { creditsAmount: '10.00', paymentMethod: 'sandbox' });
    await deciding(payment!.paymentIntentId, 'succeed').expect(200);
    const seller = await theOrganizer();
    await refunding(seller, id, { amount: '17.00' }).expect(200);
    expect(await balanceOf(user)).toEqual({ balance: '8.00', held: '0.00' });
    expect(codeOf(await refunding(seller, id, { amount: '7.01' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    await refunding(seller, id).expect(200);
    await settleMoney();
    expect(await balanceOf(user)).toEqual({ balance: '15.00', held: '0.00' });
    for (const sum of Object.values(await ledgerOf(id))) expect(Number(sum)).toBe(0);
  });

  it('of an order that only credits have paid says how much has gone back', async () => {
    const user = await spender();
    const { id } = await ordered(user, [{ productId: await product() }], { paymentMethod: 'credits' });
    const refunded = async (fields: Record<string, unknown>) =>
      ((await refunding(await theOrganizer(), id, fields).expect(200)).body as { data: { status: string } }).data
        .status;
    expect(await refunded({ amount: '4.00' })).toBe('partially_refunded');
    expect(await refunded({})).toBe('refunded');
    expect(await kindsOf(user)).toEqual(['refund 6.00', 'refund 4.00', 'spend -10.00', 'grant 15.00']);
  });

  it('of credits takes them back, unless they were spent', async () => {
    const user = await registerUser();
    const id = await bought(user, '20.00');
    await holding(user, '5.00', await anOrder());
    const seller = await theOrganizer();
    const refused = await refunding(seller, id, { items: [{ itemId: 1, quantity: 1 }] }).expect(409);
    expect(codeOf(refused)).toBe('INSUFFICIENT_CREDITS');
    expect(await balanceOf(user)).toEqual({ balance: '15.00', held: '5.00' });
    await refunding(seller, id, { amount: '15.00' }).expect(200);
    expect(await balanceOf(user)).toEqual({ balance: '0.00', held: '5.00' });
  });
});

describe('the payment method credits', () => {
  it('pays the whole order, or refuses with what there is', async () => {
    const user = await spender();
    const productId = await product();
    const withCredits = { paymentMethod: 'credits' } as const;
    const order = await ordered(user, [{ productId }], withCredits);
    expect(order).toMatchObject({ status: 'paid', creditsApplied: '10.00', payment: null });
    await fillCart(user, [{ productId }]);
    const refused = await checkingOut(user, withCredits).expect(409);
    expect(codeOf(refused)).toBe('INSUFFICIENT_CREDITS');
    expect(refused.body).toMatchObject({ error: { details: [{ available: '5.00', currency: 'EUR' }] } });
    await checkingOut(user, { creditsAmount: '1.005' }).expect(400);
    // Nothing was taken, and the cart is as it was.
    expect(await balanceOf(user)).toEqual({ balance: '5.00', held: '0.00' });
    await granted(user, '5.00');
    await checkingOut(user, withCredits).expect(201);
  });

  it('does not buy credits', async () => {
    const user = await spender('100.00');
    await fillCart(user, [{ productId: await product({ productType: 'credit', creditAmount: '10.00' }) }]);
    for (const fields of [{ paymentMethod: 'credits' }, { creditsAmount: '1.00', paymentMethod: 'sandbox' }] as const)
      expect(codeOf(await checkingOut(user, fields).expect(409))).toBe('CREDITS_NOT_ALLOWED');
  });
});
