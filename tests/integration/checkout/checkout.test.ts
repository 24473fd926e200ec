import { database } from '../../../src/database';
import { execute } from '../../../src/services/inventory/execute';
import { toCancelOrderCommand } from '../../../src/services/inventory/order-commands';
import {
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  inventoryOf,
  registerUser,
  registerUsers,
} from '../../helpers/bookings';
import {
  ADA,
  aProduct,
  checkedOut,
  checkingOut,
  expireOrder,
  fillCart,
  fillCarts,
  ordered,
  payLate,
  stockOf,
} from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { makeDiscount, usesOf } from '../../helpers/discounts';
import { bookingOf, deciding, orderOf, settleMoney } from '../../helpers/orders';
import { aHall } from '../../helpers/seats';
import { makeShippingOption, makeTaxRate } from '../../helpers/store';

const refused = async (request: ReturnType<typeof checkingOut>, status: number) => {
  const { body } = await request.expect(status);
  return (body as { error: { code: string; details?: Record<string, unknown>[] } }).error;
};

describe('checkout of goods', () => {
  it('orders goods, holds them, and sells them when they are paid', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 5 })];
    const order = await ordered(user, [{ productId, quantity: 2 }], { paymentMethod: 'sandbox', note: 'Ring twice' });
    expect(order).toMatchObject({
      status: 'pending',
      subtotal: '20.00',
      total: '20.00',
      note: 'Ring twice',
      bookings: [],
      fulfillmentStatus: 'none',
      items: [{ id: 1, kind: 'product', productId, quantity: 2, unitPrice: '10.00', total: '20.00' }],
    });
    expect(order.expiresAt).not.toBeNull();
    expect(await stockOf(productId)).toEqual({ stock: 5, held: 2, sold: 0 });
    await deciding(order.payment!.paymentIntentId, 'succeed').expect(200);
    expect(await stockOf(productId)).toEqual({ stock: 5, held: 0, sold: 2 });
    const { payment: _payment, payments: _payments, invoiceNumber: _none, ...same } = order;
    expect(await orderOf(user, order.id)).toMatchObject({ ...same, status: 'paid', expiresAt: null });
    expect((await refused(checkingOut(user), 400)).code).toBe('EMPTY_CART');
  });

  it('gives everything back when the order expires, and takes it again for a late payment', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 2 })];
    const order = await ordered(user, [{ productId, quantity: 2 }], { paymentMethod: 'sandbox' });
    await expireOrder(order.id);
    expect(await stockOf(productId)).toEqual({ stock: 2, held: 0, sold: 0 });
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'expired' });
    await payLate(order);
    expect(await stockOf(productId)).toEqual({ stock: 2, held: 0, sold: 2 });
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'paid' });
  });

  it('refunds a late payment as a whole if one of the goods is gone', async () => {
    const [user, other] = await registerUsers(2);
    const [rare, common] = [await aProduct({ stock: 1 }), await aProduct({ stock: 9 })];
    const order = await ordered(user!, [{ productId: rare }, { productId: common }], { paymentMethod: 'sandbox' });
    await expireOrder(order.id);
    await ordered(other!, [{ productId: rare }]);
    await payLate(order);
    expect(await orderOf(user!, order.id)).toMatchObject({
      status: 'refunded',
      refunds: [{ amount: '20.00', cause: 'unusable' }],
    });
    expect(await stockOf(common)).toEqual({ stock: 9, held: 0, sold: 0 });
  });

  it('sells exactly 100 units to 500 buyers', async () => {
    const productId = await aProduct({ stock: 100 });
    const users = await registerUsers(500);
    await fillCarts(users, [{ productId }]);
    const answers = await Promise.all(users.map((user) => checkingOut(user)));
    const codes = answers.map((answer) => codeOf(answer) ?? answer.status);
    expect(codes.filter((code) => code === 201)).toHaveLength(100);
    expect(codes.filter((code) => code === 'OUT_OF_STOCK')).toHaveLength(400);
    expect(await stockOf(productId)).toEqual({ stock: 100, held: 100, sold: 0 });
  });

  it('sells A,B against B,A without a deadlock', async () => {
    const [a, b] = [await aProduct({ stock: 40 }), await aProduct({ stock: 40 })];
    const users = await registerUsers(60);
    await fillCarts(users.slice(0, 30), [{ productId: a }, { productId: b }]);
    await fillCarts(users.slice(30), [{ productId: b }, { productId: a }]);
    const answers = await Promise.all(users.map((user) => checkingOut(user)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(40);
    expect(await stockOf(a)).toEqual(await stockOf(b));
  });

  it('leaves the rest of a batch alone when it refuses a checkout', async () => {
    const [a, b] = [await aProduct({ stock: 5 }), await aProduct({ stock: 0 })];
    const users = await registerUsers(6);
    await fillCarts(users.slice(0, 3), [{ productId: a }, { productId: b }]);
    await fillCarts(users.slice(3), [{ productId: a }]);
    const answers = await Promise.all(users.map((user) => checkingOut(user)));
    expect(answers.map(({ status }) => status)).toEqual([409, 409, 409, 201, 201, 201]);
    expect(await stockOf(a)).toMatchObject({ held: 3 });
  });

  it('says of each line what is left, and what is not for sale', async () => {
    const user = await registerUser();
    const [few, gone, many] = [
      await aProduct({ stock: 1 }),
      await aProduct({ status: 'draft' }),
      await aProduct({ maxPerOrder: 2 }),
    ];
    await fillCart(user, [{ productId: few, quantity: 2 }, { productId: gone }, { productId: many, quantity: 3 }]);
    const { code, details } = await refused(checkingOut(user), 409);
    expect(code).toBe('OUT_OF_STOCK');
    expect(details).toMatchObject([
      { productId: few, available: 1 },
      { productId: gone, available: 0 },
    ]);
    await database('cart_items').whereIn('product_id', [few, gone]).delete();
    expect(await refused(checkingOut(user), 409)).toMatchObject({ code: 'QUANTITY_LIMIT', details: [{ limit: 2 }] });
  });

  it('prices lines as they are now, and refuses a price from the client', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ price: '10.00' })];
    await fillCart(user, [{ productId }]);
    await database('products').where('id', productId).update({ price: '12.50' });
    for (const field of ['total', 'price', 'items', 'currency'])
      expect((await refused(checkingOut(user, { [field]: '0.01' }), 400)).code).toBe('VALIDATION_ERROR');
    expect(await checkedOut(user)).toMatchObject({ total: '12.50' });
  });

  it('refuses goods in two currencies', async () => {
    const user = await registerUser();
    await fillCart(user, [{ productId: await aProduct() }, { productId: await aProduct({ currency: 'EUR' }) }]);
    expect((await refused(checkingOut(user), 409)).code).toBe('CURRENCY_MISMATCH');
  });

  it('is paid at once where nothing is to be paid', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ price: '0', stock: 1 })];
    const order = await ordered(user, [{ productId }], { paymentMethod: 'sandbox' });
    expect(order).toMatchObject({ status: 'paid', total: '0.00', payment: null, expiresAt: null });
    expect(await stockOf(productId)).toEqual({ stock: 1, held: 0, sold: 1 });
  });

  it('answers a repeated request with the same order', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 9 })];
    await fillCart(user, [{ productId }]);
    const send = () => checkingOut(user).set('Idempotency-Key', 'once');
    const answers = await Promise.all([send(), send(), send()]);
    const again = await send().expect(201);
    expect(again.headers['idempotent-replayed']).toBe('true');
    const ids = [...answers, again].map(({ body }) => (body as { data: { id: number } }).data.id);
    expect(new Set(ids).size).toBe(1);
    await fillCart(user, [{ productId }]);
    const { code } = await refused(checkingOut(user, { note: 'another' }).set('Idempotency-Key', 'once'), 422);
    expect(code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await stockOf(productId)).toMatchObject({ held: 1 });
  });

  it('makes one order of a cart that is checked out many times at once', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 9 })];
    await fillCart(user, [{ productId, quantity: 2 }]);
    const answers = await Promise.all(Array.from({ length: 8 }, () => checkingOut(user)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => codeOf(answer) === 'EMPTY_CART')).toHaveLength(7);
    expect(await stockOf(productId)).toMatchObject({ held: 2 });
  });

  it('shows an order to its customer, its sellers and admins alone', async () => {
    const [seller, stranger] = await registerUsers(2, { role: 'organizer' });
    const user = await registerUser();
    const order = await ordered(user, [{ productId: await aProduct({ seller }) }]);
    await as(seller!).get(`/api/orders/${order.id}`).expect(200);
    await as(await registerUser({ role: 'admin' }))
      .get(`/api/orders/${order.id}`)
      .expect(200);
    for (const other of [stranger!, await registerUser()]) {
      await as(other).get(`/api/orders/${order.id}`).expect(404);
      await as(other).get(`/api/orders/${order.orderNumber}`).expect(400);
    }
    const { body } = await as(seller!).get('/api/organizers/me/orders').expect(200);
    expect((body as { data: { id: number }[] }).data.map(({ id }) => id)).toEqual([order.id]);
  });
});

describe('checkout of goods that are shipped', () => {
  it('needs an address, and a way to get there', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ productType: 'physical', stock: 0 })];
    await fillCart(user, [{ productId }]);
    expect(await refused(checkingOut(user), 400)).toMatchObject({ details: [{ path: 'shippingAddress' }] });
    const shippingAddress = { ...ADA, country: 'IS' };
    expect((await refused(checkingOut(user, { shippingAddress }), 409)).code).toBe('NOT_SHIPPABLE');
    await makeShippingOption({ countries: ['IS'], price: '7.00' });
    expect((await refused(checkingOut(user, { shippingAddress }), 409)).code).toBe('OUT_OF_STOCK');
  });

  it('adds the shipping as a line, and the tax of the place', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ productType: 'physical', taxInclusive: false })];
    await makeShippingOption({ name: 'Courier', countries: ['NO'], price: '9.00' });
    const { id: shippingOptionId } = await makeShippingOption({ name: 'Post', countries: ['NO'], price: '12.50' });
    await makeTaxRate({ country: 'NO', rate: 25 });
    await fillCart(user, [{ productId, quantity: 2 }]);
    const shippingAddress = { ...ADA, country: 'NO' };
    const order = await checkedOut(user, { shippingAddress, shippingOptionId });
    expect(order).toMatchObject({
      subtotal: '20.00',
      shippingTotal: '12.50',
      tax: '7.50',
      taxRate: 25,
      total: '37.50',
      fulfillmentStatus: 'unfulfilled',
      shippingAddress: { country: 'NO' },
      items: [
        { kind: 'product', tax: '5.00', total: '25.00' },
        { id: 2, kind: 'shipping', name: 'Post', tax: '2.50', total: '12.50' },
      ],
    });
  });
});

describe('checkout of tickets and goods', () => {
  it('books the tickets of several events with the goods, and confirms all when it is paid', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 3 })];
    const events = [
      await anOpenEvent({ basePrice: '20.00' }),
      await anOpenEvent({ basePrice: '5.00', taxRate: 10, taxInclusive: false }),
    ];
    const [first, second] = events.map(({ ticketTypes }) => ticketTypes[0]!.id);
    await fillCart(user, [{ ticketTypeId: first, quantity: 2 }, { productId }, { ticketTypeId: second }]);
    const order = await checkedOut(user, { paymentMethod: 'sandbox' });
    expect(order).toMatchObject({
      total: '55.50',
      tax: '0.50',
      taxRate: null,
      bookings: events.map(({ id }) => ({ eventId: id })),
      items: [{ kind: 'ticket', total: '40.00' }, { kind: 'product' }, { kind: 'ticket', total: '5.50' }],
    });
    const booking = await bookingOf(user, order.bookings[0]!.id);
    expect(booking).toMatchObject({
      status: 'pending',
      totalAmount: '40.00',
      order: { id: order.id, status: 'pending' },
    });
    expect(await inventoryOf(events[0]!.id)).toMatchObject({ held: 2, sold: 0 });
    await deciding(order.payment!.paymentIntentId, 'succeed').expect(200);
    for (const { id } of order.bookings) {
      const { status, tickets, ticketsCount } = await bookingOf(user, id);
      expect([status, tickets.length]).toEqual(['confirmed', ticketsCount]);
    }
    expect(await inventoryOf(events[0]!.id)).toMatchObject({ held: 0, sold: 2 });
  });

  it('takes nothing if one of the events is sold out, and says what booking says', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 3 })];
    const open = await anOpenEvent({ basePrice: '20.00' });
    const full = await anOpenEvent({ basePrice: '20.00', totalTickets: 1 });
    await booked(await registerUser(), full.id);
    await fillCart(user, [
      { productId },
      { ticketTypeId: open.ticketTypes[0]!.id },
      { ticketTypeId: full.ticketTypes[0]!.id },
    ]);
    expect((await refused(checkingOut(user), 409)).code).toBe('SOLD_OUT');
    expect(await stockOf(productId)).toMatchObject({ held: 0 });
    expect(await inventoryOf(open.id)).toMatchObject({ held: 0 });
    await booked(user, open.id);
    expect((await refused(checkingOut(user), 409)).code).toBe('DUPLICATE_BOOKING');
  });

  it('holds chosen seats, and gives all of it back when one booking is given up unpaid', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 3 })];
    const { event, seats } = await aHall(undefined, { basePrice: '30.00' });
    const ticketTypeId = event.ticketTypes[0]!.id;
    await fillCart(user, [{ ticketTypeId, quantity: 2, seatIds: [seats.A1!, seats.A2!] }, { productId }]);
    const order = await checkedOut(user, { paymentMethod: 'sandbox' });
    const [other] = await registerUsers(1);
    await fillCart(other!, [{ ticketTypeId, quantity: 1, seatIds: [seats.A2!] }]);
    expect((await refused(checkingOut(other!), 409)).code).toBe('SEAT_TAKEN');
    await cancelling(user, order.bookings[0]!.id).expect(200);
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'cancelled', payments: [{ status: 'cancelled' }] });
    expect(await stockOf(productId)).toMatchObject({ held: 0 });
    await checkedOut(other!);
  });

  it('takes the tickets and goods of an expired order again when it is paid late, or refunds all of it', async () => {
    const [user, other] = await registerUsers(2);
    const event = await anOpenEvent({ basePrice: '20.00', totalTickets: 1 });
    const productId = await aProduct({ stock: 2 });
    const lines = [{ ticketTypeId: event.ticketTypes[0]!.id }, { productId }];
    const order = await ordered(user!, lines, { paymentMethod: 'sandbox' });
    await expireOrder(order.id);
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0, sold: 0 });
    const second = await ordered(other!, lines, { paymentMethod: 'sandbox' });
    await payLate(order);
    expect(await orderOf(user!, order.id)).toMatchObject({ status: 'refunded' });
    await expireOrder(second.id);
    await payLate(second);
    expect(await orderOf(other!, second.id)).toMatchObject({ status: 'paid' });
    expect(await bookingOf(other!, second.bookings[0]!.id)).toMatchObject({ status: 'confirmed' });
    expect(await stockOf(productId)).toEqual({ stock: 2, held: 0, sold: 1 });
  });

  it('uses a code once for the whole order, and once of two at once', async () => {
    const users = await registerUsers(2);
    const events = [await anOpenEvent({ basePrice: '10.00' }), await anOpenEvent({ basePrice: '10.00' })];
    const { id, code } = await makeDiscount({ value: 50, maxUses: 1 });
    await fillCarts(
      users,
      [...events.map(({ ticketTypes }) => ({ ticketTypeId: ticketTypes[0]!.id })), { productId: await aProduct() }],
      code.toLowerCase(),
    );
    const answers = await Promise.all(users.map((user) => checkingOut(user)));
    expect(answers.map((answer) => codeOf(answer) ?? 'ordered').sort()).toEqual(['DISCOUNT_EXHAUSTED', 'ordered']);
    expect(await usesOf(id)).toBe(1);
    const winner = answers.findIndex(({ status }) => status === 201);
    const order = (answers[winner]!.body as { data: { id: number; discount: string; total: string } }).data;
    expect(order).toMatchObject({ discount: '15.00', total: '15.00' });
    await expireOrder(order.id);
    expect(await usesOf(id)).toBe(0);
    await checkedOut(users[1 - winner]!);
    expect(await usesOf(id)).toBe(1);
  });

  it('voids the tickets of a disputed order', async () => {
    const user = await registerUser();
    const event = await anOpenEvent({ basePrice: '20.00' });
    const order = await ordered(user, [{ ticketTypeId: event.ticketTypes[0]!.id }, { productId: await aProduct() }], {
      paymentMethod: 'sandbox',
    });
    await deciding(order.payment!.paymentIntentId, 'succeed').expect(200);
    await execute(
      await toCancelOrderCommand(order.id, { actor: undefined, reason: 'Charged back', because: 'dispute' }),
    );
    expect((await bookingOf(user, order.bookings[0]!.id)).tickets).toMatchObject([{ status: 'void' }]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0 });
  });
});
