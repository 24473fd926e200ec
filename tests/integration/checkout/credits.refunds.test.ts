import { randomUUID } from 'node:crypto';
import { database } from '../../../src/database';
import { reconcilePayments } from '../../../src/services/payments/reconcile-payments';
import { syncPayment } from '../../../src/services/payments/sync-payment';
import { PASSWORD } from '../../helpers/accounts';
import { codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { aProduct, ordered, payNow, type CheckedOut } from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { balancesOf, bought, granted, kindsOf } from '../../helpers/credits';
import { aPaidOrder, disputedOrder, ledgerOf, orderOf, refunding, settleMoney } from '../../helpers/orders';
import { startMailedWorker, type MailedWorker } from '../../helpers/servers/mailed-worker';
import { allDone } from '../../helpers/messages';

let mailed: MailedWorker | undefined;
afterAll(() => mailed?.stop());

const toCredits = (fields: object = {}) => ({ ...fields, to: 'credits' });

/** Orders a thing of each of these sellers at 10.00 EUR and pays it with money, less what credits pay. */
async function paidOrder(user: TestUser, sellers: TestUser[], creditsAmount = '0'): Promise<CheckedOut> {
  const products = sellers.map((seller) => aProduct({ seller, currency: 'EUR', taxRate: '20' }));
  const lines = (await Promise.all(products)).map((productId) => ({ productId }));
  const order = await ordered(user, lines, { paymentMethod: 'sandbox', creditsAmount });
  await payNow(order);
  return order;
}

const paymentIdOf = async (orderId: number): Promise<number> =>
  ((await database('payments').where('order_id', orderId).first('id')) as { id: number }).id;

const sentBySandbox = async (orderId: number): Promise<string | null> => {
  const [row] = (await database('sandbox_refunds AS r')
    .join('payments AS p', 'p.intent_id', 'r.intent_id')
    .where('p.order_id', orderId)
    .sum('r.amount AS sum')) as { sum: string | null }[];
  return row!.sum;
};

describe('refundOrder to credits', () => {
  it('adds what was paid with money to the credits of the customer, without a provider', async () => {
    const { owner, orderId, booking } = await aPaidOrder({ taxRate: 20, taxInclusive: false });
    const organizer = await theOrganizer();
    const { body } = await refunding(organizer, orderId, toCredits({ amount: '6.00', reason: 'Rain' })).expect(200);
    expect(body.data).toMatchObject({
      status: 'partially_refunded',
      payments: [{ captured: '24.00', refunded: '6.00' }],
      refunds: [{ amount: '6.00', status: 'succeeded', to: 'credits', cause: 'request', reason: 'Rain' }],
    });
    expect(await balancesOf(owner)).toMatchObject([{ currency: 'USD', balance: '6.00', expiring: [] }]);
    expect(await ledgerOf(orderId)).toEqual({
      'provider:sandbox': '24.000',
      'provider:credits': '-6.000',
      refunds_due: '0.000',
      sales: '-15.000',
      tax: '-3.000',
    });
    await refunding(organizer, orderId, { amount: '8.00' }).expect(200);
    const refused = await refunding(organizer, orderId, toCredits({ amount: '10.01' })).expect(409);
    expect(codeOf(refused)).toBe('REFUND_EXCEEDS_PAID');
    await refunding(organizer, orderId, toCredits()).expect(200);
    await settleMoney();
    expect(await sentBySandbox(orderId)).toBe('8.000');
    const { status, refunds } = await orderOf(owner, orderId);
    expect([status, ...refunds.map(({ amount, to }) => `${amount} ${to}`)]).toEqual([
      'refunded',
      '6.00 credits',
      '8.00 origin',
      '10.00 credits',
    ]);
    const stats = await as(organizer).get(`/api/events/${booking.eventId}/stats`).expect(200);
    expect(stats.body).toMatchObject({ data: { revenue: [{ gross: '24.00', refunded: '24.00', tax: '0.00' }] } });
    // The provider has returned 8.00, which agrees with the books.
    await database('payments')
      .where('order_id', orderId)
      .update({ succeeded_at: database.raw("now() - interval '1 hour'") });
    await syncPayment(await paymentIdOf(orderId));
    expect(await reconcilePayments()).toBe(0);
    await expect(as(organizer).post(`/api/orders/${orderId}/refund`).send({ to: 'bank' })).resolves.toMatchObject({
      status: 400,
    });
  });

  it('counts once, however often and with what else it is asked for at once', async () => {
    const { owner, orderId } = await aPaidOrder();
    const organizer = await theOrganizer();
    const once = () =>
      refunding(organizer, orderId, toCredits({ amount: '5.00' })).set('Idempotency-Key', 'to credits');
    await once().expect(200);
    await once().expect(200);
    expect(await kindsOf(owner)).toEqual(['refund 5.00']);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        refunding(organizer, orderId, { amount: '4.00', to: n % 2 === 0 ? 'credits' : 'origin' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const { payments, refunds } = await orderOf(owner, orderId);
    expect(payments).toMatchObject([{ refunded: '17.00' }]);
    const credited = refunds.filter(({ to }) => to === 'credits').reduce((sum, { amount }) => sum + Number(amount), 0);
    expect(await balancesOf(owner)).toMatchObject([{ balance: credited.toFixed(2) }]);
  });

  it('lets each seller refund its own part, the money before the credits, and lists both', async () => {
    const [user, other] = [await registerUser(), await registerUser({ role: 'organizer' })];
    await granted(user, '5.00');
    const { id } = await paidOrder(user, [await theOrganizer(), other], '5.00');
    expect(codeOf(await refunding(other, id, toCredits({ amount: '10.01' })).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    await refunding(other, id, toCredits({ items: [{ itemId: 2, quantity: 1 }] })).expect(200);
    expect(await balancesOf(user)).toMatchObject([{ balance: '10.00' }]);
    await refunding(await theOrganizer(), id, { amount: '10.00' }).expect(200);
    await settleMoney();
    const { status, refunds, payments } = await orderOf(user, id);
    expect(status).toBe('refunded');
    expect(refunds.map(({ amount, to, paymentId }) => [amount, to, paymentId])).toEqual([
      ['10.00', 'credits', payments[0]!.id],
      ['5.00', 'origin', payments[0]!.id],
      ['5.00', 'credits', null],
    ]);
    expect(await balancesOf(user)).toMatchObject([{ balance: '15.00' }]);
    const perSeller = (await database('ledger_entries')
      .where({ order_id: id })
      .whereIn('account', ['sales', 'tax'])
      .groupBy('seller_id')
      .select('seller_id')
      .sum('amount AS sum')) as { sum: string }[];
    expect(perSeller.map(({ sum }) => Number(sum))).toEqual([0, 0]);
  });

  it('never turns bought credits into credits, nor pays an account that is gone', async () => {
    const user = await registerUser();
    const organizer = await theOrganizer();
    const id = await bought(user, '20.00');
    for (const fields of [{}, { amount: '1.00' }, { items: [{ itemId: 1, quantity: 1 }] }])
      expect(codeOf(await refunding(organizer, id, toCredits(fields)).expect(409))).toBe('CREDITS_NOT_ALLOWED');
    expect(await kindsOf(user)).toEqual(['purchase 20.00']);
    const gone = await registerUser();
    const { id: orderId } = await paidOrder(gone, [organizer]);
    await as(gone).delete('/api/users/me').send({ password: PASSWORD }).expect(204);
    expect(codeOf(await refunding(organizer, orderId, toCredits()).expect(409))).toBe('CREDITS_NOT_ALLOWED');
    await refunding(organizer, orderId).expect(200);
  });

  it('leaves all of a payment to a bank that charges it back, and refunds that a provider makes', async () => {
    const [user, organizer] = [await registerUser(), await theOrganizer()];
    const { id, payment } = await paidOrder(user, [organizer, await registerUser({ role: 'organizer' })]);
    await refunding(organizer, id, toCredits({ amount: '4.00' })).expect(200);
    const made = { id: `sbr_${randomUUID()}`, idempotency_key: randomUUID(), amount: 3 };
    await database('sandbox_refunds').insert({ ...made, intent_id: payment!.paymentIntentId });
    await syncPayment(await paymentIdOf(id));
    expect((await orderOf(user, id)).payments).toMatchObject([{ refunded: '7.00' }]);
    await disputedOrder(id);
    expect(await ledgerOf(id)).toMatchObject({ disputes: '17.000', 'provider:sandbox': '0.000' });
    await disputedOrder(id, false);
    expect(await ledgerOf(id)).toMatchObject({ disputes: '0.000', 'provider:sandbox': '17.000' });
    expect((await orderOf(user, id)).status).toBe('partially_refunded');
  });

  it('says in a mail that the money is among the credits', async () => {
    mailed = await startMailedWorker({ FRONTEND_URL: 'https://tickets.example' });
    const { owner, orderId } = await aPaidOrder();
    await refunding(await theOrganizer(), orderId, toCredits({ amount: '5.00' })).expect(200);
    await allDone();
    const refunds = mailed.mail
      .mailsTo(owner.user.email)
      .filter(({ subject }) => subject?.startsWith('Refund of $5.00'));
    expect(refunds).toHaveLength(1);
    expect(refunds[0]!.text).toContain('$5.00 was added to your credits');
  });
});
