import { database } from '../../../src/database';
import { cancelBookingsOfEvent } from '../../../src/services/bookings/cancel-booking';
import {
  anOpenEvent,
  cancelling,
  codeOf,
  inventoryOf,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import {
  ADA,
  aProduct,
  fillCart,
  checkedOut,
  payNow,
  stockOf,
  type CartLine,
  type CheckedOut,
} from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import { aPaidOrder, bookingOf, disputedOrder, ledgerOf, orderOf, refunding, settleMoney } from '../../helpers/orders';
import { aHall } from '../../helpers/seats';
import { readTexts } from '../../helpers/pdf';
import { makeShippingOption } from '../../helpers/store';

/** Orders these lines and pays. */
async function bought(
  user: TestUser,
  lines: CartLine[],
  fields: Record<string, unknown> = {},
  code?: string,
): Promise<CheckedOut> {
  await fillCart(user, lines, code);
  const order = await checkedOut(user, { paymentMethod: 'sandbox', ...fields });
  await payNow(order);
  return order;
}

const items = (...wanted: [itemId: number, quantity: number, restock?: boolean][]) => ({
  items: wanted.map(([itemId, quantity, restock]) => ({ itemId, quantity, ...(restock ? { restock } : {}) })),
});

const revenueOf = async (organizer: TestUser, eventId: number) => {
  const { body } = await as(organizer).get(`/api/events/${eventId}/stats`).expect(200);
  return (body as { data: { revenue: { gross: string; refunded: string; net: string }[] } }).data.revenue;
};

describe('refundOrder by items', () => {
  it('voids the tickets of refunded units, frees their seats, and cancels a booking without tickets', async () => {
    const user = await registerUser();
    const { event, seats } = await aHall(undefined, { basePrice: '30.00' });
    const ticketTypeId = event.ticketTypes[0]!.id;
    const order = await bought(user, [{ ticketTypeId, quantity: 3, seatIds: [seats.A1!, seats.A2!, seats.A3!] }]);
    await refunding(await theOrganizer(), order.id, items([1, 2])).expect(200);
    const bookingId = order.bookings[0]!.id;
    const { status, tickets, ticketsCount } = await bookingOf(user, bookingId);
    expect([status, ticketsCount, tickets.map((ticket) => ticket.status).sort()]).toEqual([
      'confirmed',
      1,
      ['valid', 'void', 'void'],
    ]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1, held: 0 });
    const taken = await database('booking_seats').where('booking_id', bookingId).pluck('seat_id');
    expect(taken).toEqual([seats.A1]);
    expect(await orderOf(user, order.id)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '60.00' }],
    });
    await refunding(await theOrganizer(), order.id, items([1, 1])).expect(200);
    expect(await bookingOf(user, bookingId)).toMatchObject({ status: 'cancelled' });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0 });
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({
      status: 'refunded',
      refunds: [{ amount: '60.00' }, { amount: '30.00' }],
    });
  });

  it('voids all tickets of one type and keeps the others of the booking', async () => {
    const user = await registerUser();
    const types = [
      { name: 'Stalls', price: '30.00' },
      { name: 'Circle', price: '20.00' },
    ];
    const event = await anOpenEvent({ ticketTypes: types });
    const [stalls, circle] = event.ticketTypes.map(({ id }) => id) as [number, number];
    const order = await bought(user, [
      { ticketTypeId: stalls, quantity: 2 },
      { ticketTypeId: circle, quantity: 1 },
    ]);
    await refunding(await theOrganizer(), order.id, items([1, 2])).expect(200);
    await settleMoney();
    const { status, tickets, ticketsCount } = await bookingOf(user, order.bookings[0]!.id);
    expect({ status, ticketsCount }).toEqual({ status: 'confirmed', ticketsCount: 1 });
    expect(tickets.map((ticket) => [ticket.ticketTypeId, ticket.status])).toEqual([
      [stalls, 'void'],
      [stalls, 'void'],
      [circle, 'valid'],
    ]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1, held: 0 });
    expect(await orderOf(user, order.id)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '60.00' }],
    });
  });

  it('puts goods back into stock if they came back', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 5 })];
    const order = await bought(user, [{ productId, quantity: 3 }]);
    await refunding(await theOrganizer(), order.id, items([1, 1])).expect(200);
    expect(await stockOf(productId)).toEqual({ stock: 5, held: 0, sold: 3 });
    await refunding(await theOrganizer(), order.id, items([1, 1, true])).expect(200);
    expect(await stockOf(productId)).toEqual({ stock: 5, held: 0, sold: 2 });
    const refused = await refunding(await theOrganizer(), order.id, items([1, 2])).expect(409);
    expect(codeOf(refused)).toBe('REFUND_EXCEEDS_PAID');
  });

  it('revokes the licenses of refunded units, and those alone', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ productType: 'license' })];
    const order = await bought(user, [{ productId, quantity: 3 }]);
    await refunding(await theOrganizer(), order.id, items([1, 2])).expect(200);
    const statuses = await database('licenses').where('order_id', order.id).orderBy('status').pluck('status');
    expect(statuses).toEqual(['active', 'revoked', 'revoked']);
  });

  it('never refunds more than a line costs, however often and at once', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ price: '3.33' })];
    const { code } = await makeDiscount({ value: 10 });
    const order = await bought(user, [{ productId, quantity: 3 }], {}, code);
    expect(order.total).toBe('8.99');
    const organizer = await theOrganizer();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refunding(organizer, order.id, items([1, 1]))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    await settleMoney();
    const { refunds, status } = await orderOf(user, order.id);
    expect(status).toBe('refunded');
    expect(refunds.map(({ amount }) => amount).sort()).toEqual(['2.99', '3.00', '3.00']);
    expect(await ledgerOf(order.id)).toMatchObject({ sales: '0.000', refunds_due: '0.000' });
  });

  it('refunds items of an order that a booking made, too', async () => {
    const { owner, orderId, booking, event } = await aPaidOrder({ taxRate: 10, taxInclusive: false }, 2);
    await refunding(await theOrganizer(), orderId, items([1, 1])).expect(200);
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'confirmed', ticketsCount: 1 });
    expect(await orderOf(owner, orderId)).toMatchObject({ refunds: [{ amount: '11.00' }] });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1 });
  });

  it('previews what it would be, without making it', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const lines = [
      { productId: await aProduct({ seller, price: '3.33' }), quantity: 3 },
      { productId: await aProduct() },
    ];
    const order = await bought(await registerUser(), lines);
    const previewing = (user: TestUser, fields: object) =>
      as(user).post(`/api/orders/${order.id}/refund/preview`).send(fields);
    const preview = async (user: TestUser, fields: object) =>
      ((await previewing(user, fields).expect(200)).body as { data: object }).data;
    const ofSeller = { orderId: order.id, currency: 'USD', refundable: '9.99' };
    const two = { ...items([1, 2, true]), to: 'credits' };
    expect(await preview(seller!, two)).toEqual({
      ...ofSeller,
      amount: '6.66',
      items: [{ itemId: 1, quantity: 2, amount: '6.66' }],
    });
    expect(await preview(seller!, {})).toMatchObject({ ...ofSeller, amount: '9.99' });
    expect(await preview(await registerUser({ role: 'admin' }), { amount: '5.00' })).toMatchObject({
      amount: '5.00',
      refundable: '19.99',
      items: [{ itemId: 1 }, { itemId: 2 }],
    });
    expect(
      await database('refunds').whereIn('payment_id', database('payments').where('order_id', order.id).select('id')),
    ).toEqual([]);
    expect(codeOf(await previewing(seller!, { amount: '10.00' }).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    expect(codeOf(await previewing(seller!, items([1, 4])).expect(409))).toBe('REFUND_EXCEEDS_PAID');
    await previewing(seller!, items([2, 1])).expect(403);
    await previewing(seller!, { amount: '0' }).expect(400);
    await refunding(seller!, order.id, items([1, 2])).expect(200);
    expect(await preview(seller!, {})).toMatchObject({ refundable: '3.33' });
    const [line] = (await orderOf(seller!, order.id)).items;
    expect(line).toMatchObject({ sellerId: seller!.user.id, refundedQuantity: 2, refundedAmount: '6.66' });
  });

  it('refuses units that there are not, an amount beside them, and lines of another seller', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const user = await registerUser();
    const order = await bought(user, [{ productId: await aProduct({ seller }) }, { productId: await aProduct() }]);
    const organizer = await theOrganizer();
    for (const fields of [items([9, 1]), items([1, 0]), items([2, 1], [2, 1]), { ...items([2, 1]), amount: '1.00' }])
      await refunding(organizer, order.id, fields).expect(400);
    await refunding(organizer, order.id, items([1, 1])).expect(403);
    await refunding(user, order.id, items([1, 1])).expect(403);
    await refunding(seller!, order.id, items([1, 1])).expect(200);
    await refunding(await registerUser({ role: 'admin' }), order.id, items([2, 1])).expect(200);
  });

  it('lets a seller refund at most what its own lines cost', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const user = await registerUser();
    const order = await bought(user, [
      { productId: await aProduct({ seller, price: '7.00' }) },
      { productId: await aProduct() },
    ]);
    const { body } = await refunding(seller!, order.id, { amount: '7.01' }).expect(409);
    expect(body).toMatchObject({ error: { details: [{ available: '7.00' }] } });
    await refunding(seller!, order.id, {}).expect(200);
    expect(await orderOf(user, order.id)).toMatchObject({ refunds: [{ amount: '7.00' }] });
  });
});

describe('money of orders with several sellers', () => {
  it('is posted to each, with its tax, and comes off whose line is refunded', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const user = await registerUser();
    const event = await anOpenEvent({ basePrice: '20.00', taxRate: 10 });
    await makeShippingOption({ countries: ['SE'], price: '5.00' });
    const shirt = await aProduct({ seller, price: '12.00', productType: 'physical', taxRate: '20' });
    const lines = [{ ticketTypeId: event.ticketTypes[0]!.id, quantity: 2 }, { productId: shirt }];
    const order = await bought(user, lines, { shippingAddress: { ...ADA, country: 'SE' } });
    const shares = () =>
      database('ledger_entries')
        .where({ order_id: order.id })
        .whereIn('account', ['sales', 'tax'])
        .groupBy('seller_id', 'account')
        .orderBy(['seller_id', 'account'])
        .select('seller_id', 'account', database.raw('sum(amount)::text'));
    const organizer = await theOrganizer();
    const ids = [organizer.user.id, seller!.user.id];
    expect(await shares()).toEqual(
      [
        { seller_id: ids[0], account: 'sales', sum: '-36.360' },
        { seller_id: ids[0], account: 'tax', sum: '-3.640' },
        { seller_id: ids[1], account: 'sales', sum: '-15.000' },
        { seller_id: ids[1], account: 'tax', sum: '-2.000' },
      ].sort((a, b) => a.seller_id! - b.seller_id! || a.account.localeCompare(b.account)),
    );
    expect(await revenueOf(organizer, event.id)).toMatchObject([{ gross: '40.00', refunded: '0.00' }]);
    await refunding(seller!, order.id, items([2, 1])).expect(200);
    expect(await revenueOf(organizer, event.id)).toMatchObject([{ gross: '40.00', refunded: '0.00' }]);
    await refunding(organizer, order.id, items([1, 1])).expect(200);
    expect(await revenueOf(organizer, event.id)).toMatchObject([{ gross: '40.00', refunded: '20.00', net: '20.00' }]);
  });

  it('comes back by the policy of a cancelled booking, while the rest of the order stays', async () => {
    const user = await registerUser();
    const policy = { refundPolicy: { fullUntilHours: 1000, thenPercent: 50 } };
    const event = await anOpenEvent({ basePrice: '20.00', ...policy });
    const productId = await aProduct({ stock: 3 });
    const order = await bought(user, [{ ticketTypeId: event.ticketTypes[0]!.id, quantity: 2 }, { productId }]);
    await cancelling(user, order.bookings[0]!.id).expect(200);
    await settleMoney();
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '20.00', cause: 'cancellation' }],
    });
    expect(await stockOf(productId)).toMatchObject({ sold: 1 });
    await refunding(await theOrganizer(), order.id, items([2, 1])).expect(200);
    expect(await orderOf(user, order.id)).toMatchObject({ refunds: [{ amount: '20.00' }, { amount: '10.00' }] });
  });

  it('comes back for tickets of an event that is cancelled', async () => {
    const user = await registerUser();
    const [first, second] = [await anOpenEvent({ basePrice: '20.00' }), await anOpenEvent({ basePrice: '30.00' })];
    const order = await bought(
      user,
      [first, second].map(({ ticketTypes }) => ({ ticketTypeId: ticketTypes[0]!.id })),
    );
    await cancelBookingsOfEvent(first.id, 'Rain');
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({
      status: 'partially_refunded',
      refunds: [{ amount: '20.00' }],
    });
    await cancelBookingsOfEvent(second.id, null);
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'refunded' });
  });

  it('is disputed as a whole: tickets are void, and won back the books agree', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const user = await registerUser();
    const event = await anOpenEvent({ basePrice: '20.00' });
    const order = await bought(user, [
      { ticketTypeId: event.ticketTypes[0]!.id },
      { productId: await aProduct({ seller }) },
    ]);
    await disputedOrder(order.id);
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'disputed' });
    expect((await bookingOf(user, order.bookings[0]!.id)).tickets).toMatchObject([{ status: 'void' }]);
    expect(await revenueOf(await theOrganizer(), event.id)).toMatchObject([{ gross: '20.00', refunded: '20.00' }]);
    await disputedOrder(order.id, false);
    await settleMoney();
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'paid' });
    expect(await revenueOf(await theOrganizer(), event.id)).toMatchObject([{ gross: '20.00', refunded: '0.00' }]);
  });
});

describe('getInvoice of an order with several sellers', () => {
  it('is one of each seller, with its lines, their tax rates and sums', async () => {
    const [seller] = await registerUsers(1, { role: 'organizer' });
    const user = await registerUser();
    const event = await anOpenEvent({ title: 'Fado', basePrice: '20.00', taxRate: 10 });
    const book = await aProduct({ seller, price: '12.00', taxRate: '5', taxInclusive: false });
    const shirt = await aProduct({ seller, price: '24.00', taxRate: '20' });
    const order = await bought(user, [
      { ticketTypeId: event.ticketTypes[0]!.id },
      { productId: book },
      { productId: shirt },
    ]);
    const invoices = await database('invoices')
      .where('order_id', order.id)
      .orderBy('seller_id')
      .select('seller_id', 'document');
    const ids = [(await theOrganizer()).user.id, seller!.user.id];
    expect(invoices.map((invoice) => invoice.seller_id).sort()).toEqual([...ids].sort());
    const documentOf = (id: number) => invoices.find((invoice) => invoice.seller_id === id)!.document;
    expect(documentOf(ids[0]!)).toMatchObject({ total: '20.00', items: [{ name: 'Fado: General admission' }] });
    expect(documentOf(ids[1]!)).toMatchObject({
      total: '36.60',
      taxes: [
        { rate: 20, net: '20.00', tax: '4.00' },
        { rate: 5, net: '12.00', tax: '0.60' },
      ],
    });
    const textsOf = async (reader: TestUser, query = '') =>
      readTexts((await as(reader).get(`/api/orders/${order.id}/invoice.pdf${query}`).expect(200)).body as Buffer).join(
        ' ',
      );
    expect(await textsOf(user, `?sellerId=${ids[1]}`)).toContain('$36.60');
    expect(await textsOf(seller!)).toContain('$36.60');
    expect(await textsOf(await theOrganizer())).toContain('$20.00');
    await as(user).get(`/api/orders/${order.id}/invoice.pdf?sellerId=${user.user.id}`).expect(404);
    // Each invoice lists what was refunded of its own seller.
    await refunding(seller!, order.id, { amount: '6.60' }).expect(200);
    await refunding(await theOrganizer(), order.id, { amount: '3.00', to: 'credits' }).expect(200);
    const [ofOrganizer, ofSeller] = [await textsOf(await theOrganizer()), await textsOf(seller!)];
    expect(ofSeller).toMatch(/Refunded on [^-]*-\$6\.60/);
    expect(ofSeller).not.toContain('-$3.00');
    expect(ofOrganizer).toMatch(/Refunded as credits on [^-]*-\$3\.00/);
    expect(ofOrganizer).not.toContain('-$6.60');
  });
});
