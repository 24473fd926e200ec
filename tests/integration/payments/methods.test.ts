import type { FakePaypal } from '../../fakes/paypal';
import type { FakeStripe } from '../../fakes/stripe';
import { codeOf } from '../../helpers/bookings';
import { anonymous } from '../../helpers/client';
import { anUnpaidOrder, bookingOf, orderOf, paying, settleMoney, type TestIntent } from '../../helpers/orders';
import { secrets, useRealProviders, withPaypal, withStripe } from '../../helpers/payments';

let stripe: FakeStripe;
let paypal: FakePaypal;

beforeAll(async () => {
  useRealProviders();
  stripe = await withStripe();
  paypal = await withPaypal();
});
afterAll(() => Promise.all([stripe.close(), paypal.close()]));

describe('payOrder', () => {
  it('402: for a declined payment, once per Idempotency-Key; another method still works', async () => {
    // Stripe accepts no less than half a dollar.
    const { owner, orderId } = await anUnpaidOrder({ basePrice: '0.20' });
    const send = () => paying(owner, orderId, 'stripe').set('Idempotency-Key', 'pays once');
    const first = await send().expect(402);
    expect(codeOf(first)).toBe('PAYMENT_FAILED');
    const again = await send().expect(402);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect((await orderOf(owner, orderId)).payments).toMatchObject([{ status: 'cancelled', paymentIntentId: null }]);
    expect(codeOf(await paying(owner, orderId, 'stripe').expect(402))).toBe('PAYMENT_FAILED');
    await paying(owner, orderId, 'paypal').expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('pending');
  });

  it('200: with another method, which closes the previous intent', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { body } = (await paying(owner, orderId, 'stripe').expect(200)) as { body: { data: TestIntent } };
    await paying(owner, orderId, 'paypal').expect(200);
    expect(stripe.intent(body.data.paymentIntentId)!.status).toBe('canceled');
    expect((await orderOf(owner, orderId)).payments).toMatchObject([{ status: 'cancelled' }, { status: 'pending' }]);
  });

  it('409: with another method once the order is paid', async () => {
    const { owner, orderId, booking } = await anUnpaidOrder();
    const { body } = (await paying(owner, orderId, 'stripe').expect(200)) as { body: { data: TestIntent } };
    const before = paypal.intents();
    stripe.pay(body.data.paymentIntentId);
    expect(codeOf(await paying(owner, orderId, 'paypal').expect(409))).toBe('ORDER_NOT_PAYABLE');
    expect((await bookingOf(owner, booking.id)).status).toBe('confirmed');
    expect(paypal.intents()).toBe(before);
    await settleMoney();
  });

  it('accepts webhooks signed with the previous secret during rotation', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const { body } = (await paying(owner, orderId, 'stripe').expect(200)) as { body: { data: TestIntent } };
    stripe.pay(body.data.paymentIntentId);
    const { body: bytes, headers } = stripe.sign(stripe.events.at(-1)!, { secret: secrets.old });
    await anonymous.post('/api/payments/webhooks/stripe').set(headers).send(bytes.toString('utf8')).expect(200);
    expect((await orderOf(owner, orderId)).status).toBe('paid');
    await settleMoney();
  });
});
