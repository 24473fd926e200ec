import { database } from '../../../src/database';
import { anOpenEvent, booked, cancelling, codeOf, registerUser, theOrganizer } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import { makeEvent } from '../../helpers/events';
import {
  anUnpaidOrder,
  anUnpaidOrderAt,
  aPaidOrder,
  ledgerOf,
  orderOf,
  paid,
  paying,
  refunding,
  settleMoney,
  type PricedBooking,
} from '../../helpers/orders';
import { readTexts } from '../../helpers/pdf';

describe('an order', () => {
  it('is created with the booking, with its items and buyer', async () => {
    const { owner, orderId, booking, event } = await anUnpaidOrder({ taxRate: 19 }, 3);
    const order = await orderOf(owner, orderId);
    expect(order).toMatchObject({
      bookingId: booking.id,
      eventId: event.id,
      status: 'pending',
      customer: { name: 'Ada Lovelace', email: owner.user.email },
      subtotal: '30.00',
      discount: '0.00',
      taxRate: 19,
      taxInclusive: true,
      tax: '4.79',
      total: '30.00',
      currency: 'USD',
      items: [
        { name: 'General admission', quantity: 3, unitPrice: '10.00', discount: '0.00', tax: '4.79', total: '30.00' },
      ],
      payments: [],
      refunds: [],
    });
    // Changes of the account do not affect existing orders.
    await database('users')
      .where('id', owner.user.id)
      .update({ email: `new-${owner.user.email}`, last_name: 'Byron' });
    expect(await orderOf(owner, orderId)).toMatchObject({
      customer: { name: 'Ada Lovelace', email: owner.user.email },
    });
  });

  it('does not exist for a free booking', async () => {
    const event = await anOpenEvent();
    const booking = (await booked(await registerUser(), event.id)) as PricedBooking;
    expect(booking).toMatchObject({ order: null, payment: null });
    expect(await database('orders').where('event_id', event.id)).toEqual([]);
  });

  it('is paid at once, with an invoice, if a discount makes it free', async () => {
    const event = await anOpenEvent({ basePrice: 10, taxRate: 20, taxInclusive: false });
    const owner = await registerUser();
    const { code: discountCode } = await makeDiscount({ value: 100 });
    const wish = { eventId: event.id, ticketsCount: 2, discountCode, paymentMethod: 'sandbox' };
    const { body } = await as(owner).post('/api/bookings').send(wish).expect(201);
    const { id, order, status } = (body as { data: PricedBooking }).data;
    expect({ status, order: order.status }).toEqual({ status: 'confirmed', order: 'paid' });
    expect(await orderOf(owner, order.id)).toMatchObject({
      subtotal: '20.00',
      discount: '20.00',
      tax: '0.00',
      total: '0.00',
      payments: [],
    });
    await as(owner).get(`/api/orders/${order.id}/invoice.pdf`).expect(200);
    expect(codeOf(await paying(owner, order.id).expect(409))).toBe('ORDER_NOT_PAYABLE');
    expect(codeOf(await refunding(await theOrganizer(), order.id).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    await cancelling(owner, id).expect(200);
    await settleMoney();
    expect(await orderOf(owner, order.id)).toMatchObject({ status: 'cancelled', refunds: [] });
  });

  it.each([
    ['tax on top', { taxRate: 20, taxInclusive: false }, { subtotal: '20.00', tax: '4.00', total: '24.00' }],
    ['tax included', { taxRate: 20, taxInclusive: true }, { subtotal: '20.00', tax: '3.33', total: '20.00' }],
    [
      'no decimals',
      { currency: 'JPY', basePrice: 333, taxRate: 10, taxInclusive: false },
      { subtotal: '666', tax: '67', total: '733' },
    ],
    [
      'three decimals',
      { currency: 'KWD', basePrice: '1.005', taxRate: 10, taxInclusive: false },
      { subtotal: '2.010', tax: '0.201', total: '2.211' },
    ],
  ])('%s: matches payment and ledger', async (_what, fields, sums) => {
    const { owner, orderId, booking } = await aPaidOrder(fields);
    expect(await orderOf(owner, orderId)).toMatchObject({
      ...sums,
      status: 'paid',
      payments: [{ captured: sums.total }],
    });
    expect(booking.totalAmount).toBe(sums.total);
    const ledger = await ledgerOf(orderId);
    expect(Number(ledger['provider:sandbox'])).toBe(Number(sums.total));
    expect(Number(ledger.tax)).toBe(-Number(sums.tax));
    expect(Number(ledger.sales) + Number(ledger.tax)).toBe(-Number(sums.total));
  });

  it('rounds its tax per item', async () => {
    const event = await anOpenEvent({
      taxRate: 5,
      taxInclusive: false,
      ticketTypes: [
        { name: 'Circle', price: '0.10' },
        { name: 'Stalls', price: '0.10' },
      ],
    });
    const owner = await registerUser();
    const wanted = event.ticketTypes.map(({ id }) => ({ ticketTypeId: id, quantity: 1 }));
    const { order } = (await booked(owner, event.id, wanted)) as PricedBooking;
    expect(await orderOf(owner, order.id)).toMatchObject({
      subtotal: '0.20',
      tax: '0.02',
      total: '0.22',
      items: [
        { name: 'Circle', tax: '0.01', total: '0.11' },
        { name: 'Stalls', tax: '0.01', total: '0.11' },
      ],
    });
  });

  it('is the same in the response to a repeated request', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const owner = await registerUser();
    const send = () =>
      as(owner).post('/api/bookings').set('Idempotency-Key', 'once').send({ eventId: event.id, ticketsCount: 1 });
    const first = await send().expect(201);
    const again = await send().expect(201);
    expect(again.body).toEqual(first.body);
    expect(await database('orders').where('user_id', owner.user.id)).toHaveLength(1);
  });
});

describe('getOrder', () => {
  it('200: for its owner, the organizer of the event, and admins', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    for (const user of [owner, await theOrganizer(), await registerUser({ role: 'admin' })])
      expect((await orderOf(user, orderId)).id).toBe(orderId);
  });

  it('404: for all others, as if it did not exist', async () => {
    const { orderId } = await anUnpaidOrder();
    for (const role of ['customer', 'organizer'] as const) {
      const other = await registerUser({ role });
      const refused = await as(other).get(`/api/orders/${orderId}`).expect(404);
      const missing = await as(other).get('/api/orders/2000000000').expect(404);
      expect(codeOf(refused)).toBe('NOT_FOUND');
      expect((refused.body as { error: { message: string } }).error.message).toBe(
        (missing.body as { error: { message: string } }).error.message,
      );
    }
  });
});

describe('getInvoice', () => {
  it('200: states buyer, items and prices, in any script', async () => {
    const { owner, orderId } = await anUnpaidOrder(
      { title: 'Şişli’de caz — Джаз', taxRate: 20, taxInclusive: false, currency: 'EUR' },
      3,
    );
    await paid({ owner, orderId });
    await refunding(await theOrganizer(), orderId, { amount: '6.00' }).expect(200);
    const { orderNumber } = await orderOf(owner, orderId);
    const { body, headers } = await as(owner).get(`/api/orders/${orderId}/invoice.pdf`).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="invoice-${orderNumber}.pdf"`,
      'cache-control': 'private, no-store',
    });
    const text = readTexts(body as Buffer).join(' ');
    for (const part of [orderNumber, 'Ada Lovelace', owner.user.email, 'Şişli’de caz — Джаз', 'General admission'])
      expect(text).toContain(part);
    for (const amount of ['€30.00', '€6.00', '€36.00', '-€6.00']) expect(text).toContain(amount);
    await settleMoney();
  });

  it('404: for other users', async () => {
    const { orderId } = await anUnpaidOrder();
    await as(await registerUser())
      .get(`/api/orders/${orderId}/invoice.pdf`)
      .expect(404);
  });
});

describe('listOrders', () => {
  it('200: lists the caller’s orders, newest first, by status', async () => {
    const owner = await registerUser();
    const organizer = await theOrganizer();
    const ids: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const event = await makeEvent(organizer, { basePrice: 10 });
      ids.push(((await booked(owner, event.id)) as PricedBooking).order.id);
    }
    await anUnpaidOrderAt(await anOpenEvent({ basePrice: 10 }));
    await paid({ owner, orderId: ids[0]! });
    const idsOf = async (query: string): Promise<number[]> => {
      const { body } = await as(owner).get(`/api/orders${query}`).expect(200);
      return (body as { data: { id: number }[] }).data.map(({ id }) => id);
    };
    expect(await idsOf('')).toEqual([...ids].reverse());
    expect(await idsOf('?status=paid')).toEqual([ids[0]]);
    expect(await idsOf('?limit=1&page=2')).toEqual([ids[1]]);
    await as(owner).get('/api/orders?status=free').expect(400);
    const { eventId, orderNumber } = (await database('orders')
      .where({ id: ids[1] })
      .first('event_id as eventId', 'order_number as orderNumber')) as { eventId: number; orderNumber: string };
    expect(await idsOf(`?eventId=${eventId}`)).toEqual([ids[1]]);
    expect(await idsOf(`?eventId=${eventId}&status=paid`)).toEqual([]);
    expect(await idsOf(`?search=${orderNumber}`)).toEqual([ids[1]]);
  });
});
