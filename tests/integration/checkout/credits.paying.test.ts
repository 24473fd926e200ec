import { database } from '../../../src/database';
import { syncPayment } from '../../../src/services/payments/sync-payment';
import {
  anOpenEvent,
  booking,
  cancelling,
  codeOf,
  inventoryOf,
  registerUser,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { aProduct, expireOrder, ordered } from '../../helpers/checkout';
import { balancesOf, granted, kindsOf } from '../../helpers/credits';
import type { TestEvent } from '../../helpers/events';
import {
  anUnpaidOrderAt,
  atSandbox,
  bookingOf,
  deciding,
  expireHold,
  intentOf,
  ledgerOf,
  orderOf,
  paying,
  refunding,
  settleMoney,
  type Sold,
} from '../../helpers/orders';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';

const anEvent = (fields: object = {}) => anOpenEvent({ basePrice: '10.00', currency: 'EUR', ...fields });

/** An unpaid booking of two tickets at 10.00 EUR, by somebody with credits. */
async function unpaid(credits = '50.00', event?: TestEvent): Promise<Sold> {
  const sold = await anUnpaidOrderAt(event ?? (await anEvent({ taxRate: 25 })), 2);
  await granted(sold.owner, credits);
  return sold;
}

const balanceOf = async (user: TestUser) => (await balancesOf(user)).map(({ balance, held }) => `${balance} ${held}`);
const paymentIdOf = async (orderId: number): Promise<number> =>
  ((await database('payments').where('order_id', orderId).first('id')) as { id: number }).id;
const codes = (answers: { status: number; body: { error?: { code: string } } }[]) =>
  answers.map((answer) => (answer.status === 200 ? 'ok' : codeOf(answer)));

describe('payOrder with credits', () => {
  it('pays the order of a booking at once, in one transaction', async () => {
    const { owner, orderId, booking: held, event } = await unpaid();
    const { body } = await paying(owner, orderId, 'credits').expect(200);
    expect(body.data).toEqual({ provider: 'credits', paymentIntentId: null, clientSecret: null, redirectUrl: null });
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'paid', creditsApplied: '20.00', payments: [] });
    const { status, tickets, payment } = await bookingOf(owner, held.id);
    expect([status, tickets.length, payment]).toEqual(['confirmed', 2, null]);
    expect(await balanceOf(owner)).toEqual(['30.00 0.00']);
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0, sold: 2 });
    expect(await ledgerOf(orderId)).toEqual({ 'provider:credits': '20.000', sales: '-16.000', tax: '-4.000' });
    const stats = await as(await theOrganizer())
      .get(`/api/events/${event.id}/stats`)
      .expect(200);
    expect(stats.body).toMatchObject({ data: { revenue: [{ currency: 'EUR', gross: '20.00', tax: '4.00' }] } });
    expect((await orderOf(owner, orderId)).invoiceNumber).not.toBeNull();
    expect(codeOf(await paying(owner, orderId, 'credits').expect(409))).toBe('ORDER_NOT_PAYABLE');
    expect(codeOf(await paying(owner, orderId).expect(409))).toBe('ORDER_NOT_PAYABLE');
  });

  it('is refunded to credits, also by cancelling', async () => {
    const policy = { refundPolicy: { fullUntilHours: 1000, thenPercent: 50 } };
    const sold = await unpaid('20.00', await anEvent(policy));
    const { owner, orderId } = sold;
    await paying(owner, orderId, 'credits').expect(200);
    await refunding(await theOrganizer(), orderId, { amount: '4.00' }).expect(200);
    await cancelling(owner, sold.booking.id).expect(200);
    await settleMoney();
    expect(await balanceOf(owner)).toEqual(['10.00 0.00']);
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'partially_refunded',
      refunds: [
        { amount: '4.00', to: 'credits', cause: 'request' },
        { amount: '6.00', to: 'credits', cause: 'cancellation' },
      ],
    });
  });

  it('spends once, however often it is asked for at once', async () => {
    const sold = await unpaid('25.00');
    const again = await anUnpaidOrderAt(await anEvent(), 2);
    const answers = await Promise.all(Array.from({ length: 100 }, () => paying(sold.owner, sold.orderId, 'credits')));
    expect(codes(answers).filter((code) => code === 'ok')).toHaveLength(1);
    expect(new Set(codes(answers))).toEqual(new Set(['ok', 'ORDER_NOT_PAYABLE']));
    expect(await kindsOf(sold.owner)).toEqual(['spend -20.00', 'grant 25.00']);
    // The same key gets the first answer, also if it arrives at the same time.
    await granted(again.owner, '20.00');
    const once = () => paying(again.owner, again.orderId, 'credits').set('Idempotency-Key', 'credits once');
    const [first] = [await once().expect(200), await once().expect(200).expect('Idempotent-Replayed', 'true')];
    expect(first.body.data).toMatchObject({ provider: 'credits' });
  });

  it('lets one balance pay for one of two orders', async () => {
    const first = await unpaid('30.00');
    const { body } = await booking(first.owner, (await anEvent()).id, 2).expect(201);
    const second = (body as unknown as { data: { order: { id: number } } }).data.order.id;
    const answers = await Promise.all([first.orderId, second].map((id) => paying(first.owner, id, 'credits')));
    expect(codes(answers).sort()).toEqual(['INSUFFICIENT_CREDITS', 'ok']);
    expect(await balanceOf(first.owner)).toEqual(['10.00 0.00']);
  });

  it('closes an open payment, but only if there are enough credits', async () => {
    const { owner, orderId } = await unpaid('19.99');
    const { paymentIntentId } = await intentOf(owner, orderId);
    const refused = await paying(owner, orderId, 'credits').expect(409);
    expect(refused.body).toMatchObject({
      error: { code: 'INSUFFICIENT_CREDITS', details: [{ available: '19.99', currency: 'EUR' }] },
    });
    expect((await orderOf(owner, orderId)).payments).toMatchObject([{ status: 'pending' }]);
    await granted(owner, '0.01');
    await paying(owner, orderId, 'credits').expect(200);
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'paid', payments: [{ status: 'cancelled' }] });
    // The money comes nevertheless, and goes back. The order stays paid.
    await atSandbox(paymentIntentId, { status: 'succeeded', captured: '20.00' });
    await syncPayment(await paymentIdOf(orderId));
    await settleMoney();
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'paid',
      creditsApplied: '20.00',
      payments: [{ status: 'succeeded', captured: '20.00', refunded: '20.00' }],
      refunds: [{ amount: '20.00', cause: 'unusable', to: 'origin' }],
    });
    expect(await balanceOf(owner)).toEqual(['0.00 0.00']);
  });

  it('is paid once if a provider reports the money at the same moment', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { owner, orderId } = await unpaid('20.00');
      const { paymentIntentId } = await intentOf(owner, orderId);
      await Promise.all([deciding(paymentIntentId, 'succeed'), paying(owner, orderId, 'credits')]);
      await settleMoney();
      const { status, creditsApplied, payments } = await orderOf(owner, orderId);
      const money = Number(payments[0]!.captured) - Number(payments[0]!.refunded);
      expect([status, money + Number(creditsApplied)]).toEqual(['paid', 20]);
      expect(await balanceOf(owner)).toEqual([money === 20 ? '20.00 0.00' : '0.00 0.00']);
    }
  });

  it('refuses what has ended, what is being paid, and what belongs to somebody else', async () => {
    const [expired, cancelled, processing] = [await unpaid(), await unpaid(), await unpaid()];
    await expireHold(expired.booking.id);
    await cancelling(cancelled.owner, cancelled.booking.id).expect(200);
    const { paymentIntentId } = await intentOf(processing.owner, processing.orderId);
    await atSandbox(paymentIntentId, { status: 'processing' });
    const wanted = { BOOKING_EXPIRED: expired, ALREADY_CANCELLED: cancelled, ORDER_NOT_PAYABLE: processing };
    for (const [code, { owner, orderId }] of Object.entries(wanted)) {
      expect(codeOf(await paying(owner, orderId, 'credits').expect(409))).toBe(code);
      expect(await balanceOf(owner)).toEqual(['50.00 0.00']);
    }
    await paying(await registerUser(), processing.orderId, 'credits').expect(404);
    await atSandbox(paymentIntentId, { status: 'pending' });
    await syncPayment(await paymentIdOf(processing.orderId));
  });

  it('pays the rest of an order that a checkout made, with what is set aside for it already', async () => {
    const user = await registerUser();
    await granted(user, '20.00');
    const event = await anEvent();
    const productId = await aProduct({ currency: 'EUR', stock: 5 });
    const lines = [{ ticketTypeId: event.ticketTypes[0]!.id }, { productId }];
    const pay = { paymentMethod: 'sandbox', creditsAmount: '15.00' } as const;
    const { id } = await ordered(user, lines, pay);
    expect(await balanceOf(user)).toEqual(['5.00 15.00']);
    await paying(user, id, 'credits').expect(200);
    expect(await balanceOf(user)).toEqual(['0.00 0.00']);
    const { status, creditsApplied, bookings } = await orderOf(user, id);
    expect([status, creditsApplied]).toEqual(['paid', '20.00']);
    expect((await bookingOf(user, bookings[0]!.id)).status).toBe('confirmed');
    await refunding(await theOrganizer(), id).expect(200);
    expect(await balanceOf(user)).toEqual(['20.00 0.00']);

    const second = await ordered(user, [{ productId }], { creditsAmount: '5.00' });
    await expireOrder(second.id);
    expect(codeOf(await paying(user, second.id, 'credits').expect(409))).toBe('BOOKING_EXPIRED');
    const credits = await aProduct({ productType: 'credit', currency: 'EUR', creditAmount: '10.00' });
    const bought = await ordered(user, [{ productId: credits }]);
    expect(codeOf(await paying(user, bought.id, 'credits').expect(409))).toBe('CREDITS_NOT_ALLOWED');
    expect(await balanceOf(user)).toEqual(['20.00 0.00']);
  });
});

describe('createBooking with credits', () => {
  const book = (user: TestUser, eventId: number, fields: object = {}) =>
    as(user)
      .post('/api/bookings')
      .send({ eventId, ticketsCount: 2, paymentMethod: 'credits', ...fields });

  it('pays at once, or refuses the booking with what there is', async () => {
    const [user, event] = [await registerUser(), await anEvent({ totalTickets: 2 })];
    await granted(user, '15.00');
    const refused = await book(user, event.id).expect(409);
    expect(refused.body).toMatchObject({
      error: { code: 'INSUFFICIENT_CREDITS', details: [{ available: '15.00', currency: 'EUR' }] },
    });
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0, sold: 0 });
    const { code: discountCode } = await makeDiscount({ value: 50 });
    const { body } = await book(user, event.id, { discountCode }).set('Idempotency-Key', 'booked').expect(201);
    expect(body).toMatchObject({
      data: { status: 'confirmed', totalAmount: '10.00', expiresAt: null, order: { status: 'paid' }, payment: null },
    });
    await book(user, event.id, { discountCode }).set('Idempotency-Key', 'booked').expect(201);
    expect(await balanceOf(user)).toEqual(['5.00 0.00']);
    const { id, order } = (body as { data: { id: number; order: { id: number } } }).data;
    expect((await orderOf(user, order.id)).invoiceNumber).not.toBeNull();
    expect(await ledgerOf(order.id)).toEqual({ 'provider:credits': '10.000', sales: '-10.000' });
    await cancelling(user, id).expect(200);
    await settleMoney();
    expect(await balanceOf(user)).toEqual(['15.00 0.00']);
    expect((await orderOf(user, order.id)).status).toBe('refunded');
  });

  it('books what is free of charge without any', async () => {
    const [user, event] = [await registerUser(), await anEvent({ basePrice: '0' })];
    const { body } = await book(user, event.id).expect(201);
    expect(body).toMatchObject({ data: { status: 'confirmed', order: null } });
  });
});
