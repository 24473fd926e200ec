import { database } from '../../../src/database';
import { cleanUpCarts } from '../../../src/services/cart/clean-up-carts';
import { booked, codeOf, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import {
  addToCart,
  anEvent,
  aProduct,
  aTokenCart,
  cartIn,
  cartOf,
  issuesOf,
  readCart,
  type CartHolder,
} from '../../helpers/cart';
import { anonymous } from '../../helpers/client';

let user: TestUser;
beforeEach(async () => {
  user = await registerUser();
});

const limitOf = ({ body }: { body: unknown }) =>
  (body as { error: { code: string; details: { limit: number }[] } }).error.details[0]!.limit;
const changeProduct = (id: number, fields: Record<string, unknown>) =>
  database('products')
    .where({ id })
    .update(fields as never);

describe('signed out', () => {
  it('gets a token with the first item, of which only the hash is kept, for 30 days', async () => {
    const { ticketTypeId } = await anEvent();
    const { cartToken, cart } = await aTokenCart({ ticketTypeId });
    expect(cartToken).toMatch(/^[\w-]{43}$/);
    expect(cart.items).toHaveLength(1);
    const again = await addToCart({ cartToken }, { ticketTypeId, quantity: 2 });
    expect(again).toMatchObject({ id: cart.id, cartToken: null, total: '60.00', items: [{ quantity: 3 }] });
    expect(await readCart({ cartToken })).toEqual({ ...again, updatedAt: expect.any(String) });
    const { rows } = await database.raw<{ rows: { row: string; days: number }[] }>(
      'SELECT c::text AS row, extract(day FROM expires_at - now())::int AS days FROM carts c WHERE id = ?',
      [cart.id],
    );
    expect(rows[0]).toEqual({ row: expect.not.stringContaining(cartToken), days: 29 });
  });

  it('has nothing in common with other tokens, and an empty cart with an unknown one', async () => {
    const { ticketTypeId } = await anEvent();
    const [first, second] = [await aTokenCart({ ticketTypeId }), await aTokenCart({ ticketTypeId })];
    expect(first.cart.id).not.toBe(second.cart.id);
    const itemId = first.cart.items[0]!.id;
    for (const holder of [undefined, { cartToken: 'unknown' }, { cartToken: second.cartToken }, user]) {
      await cartOf(holder).change(itemId, { quantity: 5 }).expect(404);
      await cartOf(holder).remove(itemId).expect(404);
    }
    const empty = { id: null, currency: null, items: [], total: '0.00', updatedAt: null };
    for (const holder of [undefined, { cartToken: 'unknown' }, user]) {
      expect(await readCart(holder)).toMatchObject(empty);
      expect(cartIn(await cartOf(holder).empty().expect(200))).toMatchObject(empty);
    }
    const replaced = await addToCart({ cartToken: 'unknown' }, { ticketTypeId });
    expect(replaced.cartToken).toMatch(/^[\w-]{43}$/);
    expect((await readCart(first)).items).toEqual(first.cart.items);
  });

  it('loses a cart that was not changed for 30 days, which a schedule deletes', async () => {
    const { ticketTypeId } = await anEvent();
    const [old, recent] = [await aTokenCart({ ticketTypeId }), await aTokenCart({ ticketTypeId })];
    await addToCart(user, { ticketTypeId });
    await database('carts')
      .where({ id: old.cart.id })
      .update({ expires_at: database.raw('now()') });
    expect(await readCart(old)).toMatchObject({ id: null, items: [] });
    expect(await cleanUpCarts()).toBe(1);
    expect(await database('cart_items').where({ cart_id: old.cart.id })).toEqual([]);
    expect((await readCart(recent)).items).toHaveLength(1);
    expect((await readCart(user)).items).toHaveLength(1);
  });

  it('is not stored by any cache', async () => {
    const { headers } = await anonymous.get('/api/cart').expect(200);
    expect(headers['cache-control']).toBe('private, no-store');
  });
});

describe('addItem', () => {
  it('puts tickets of several events, goods, licenses and credits in one cart', async () => {
    const [first, second] = [await anEvent(), await anEvent({ basePrice: 5, taxRate: 10, taxInclusive: false })];
    const shirt = await aProduct({ price: '12.50', tax_rate: 20 });
    const license = await aProduct({
      product_type: 'license',
      price: '30',
      license_policy: '{"durationDays":null,"maxActivations":3,"offlineDays":30,"entitlements":[]}',
    });
    const credits = await aProduct({ product_type: 'credit', price: '50', credit_amount: '50' });
    await addToCart(user, { ticketTypeId: first.ticketTypeId, quantity: 2 });
    await addToCart(user, { ticketTypeId: second.ticketTypeId });
    await addToCart(user, { productId: shirt, quantity: 3 });
    await addToCart(user, { productId: license });
    const cart = await addToCart(user, { productId: credits });
    expect(cart).toEqual({
      id: expect.any(Number),
      currency: 'EUR',
      items: [
        expect.objectContaining({
          kind: 'ticket',
          eventId: first.event.id,
          unitPrice: '20.00',
          quantity: 2,
          total: '40.00',
        }),
        // Its tax is added.
        expect.objectContaining({ kind: 'ticket', eventId: second.event.id, unitPrice: '5.00', total: '5.50' }),
        expect.objectContaining({ kind: 'product', productId: shirt, unitPrice: '12.50', quantity: 3, total: '37.50' }),
        expect.objectContaining({
          kind: 'product',
          productType: 'license',
          productId: license,
          total: '30.00',
          ticketTypeId: null,
        }),
        expect.objectContaining({ kind: 'product', productId: credits, total: '50.00', seatIds: [], imageUrl: null }),
      ],
      discountCode: null,
      subtotal: '162.50',
      discount: '0.00',
      shippingTotal: '0.00',
      tax: '6.75',
      total: '163.00',
      updatedAt: expect.any(String),
      cartToken: null,
    });
    expect(cart.items[0]!.name).toBe('Jazz on the Quay: General admission');
  });

  it('adds 50 at once up exactly, signed in and with a token', async () => {
    const productId = await aProduct();
    const { cartToken } = await aTokenCart({ productId });
    const addAll = (holder: CartHolder) =>
      Promise.all(Array.from({ length: 50 }, () => cartOf(holder).add({ productId, quantity: 2 }).expect(200)));
    await Promise.all([addAll(user), addAll({ cartToken })]);
    expect((await readCart(user)).items).toMatchObject([{ quantity: 100, total: '1000.00' }]);
    expect((await readCart({ cartToken })).items).toMatchObject([{ quantity: 101 }]);
    expect(await database('carts').where({ user_id: user.user.id }).pluck('version')).toEqual([51]);
  });

  it.each(['price', 'unitPrice', 'currency', 'total', 'discount'])('400 for a %s from the client', async (field) => {
    const productId = await aProduct();
    const answer = await cartOf(user)
      .add({ productId, [field]: field === 'currency' ? 'EUR' : '0.01' })
      .expect(400);
    expect(answer.body).toMatchObject({ error: { code: 'VALIDATION_ERROR', details: [{ path: field }] } });
    const { items } = await addToCart(user, { productId });
    await cartOf(user)
      .change(items[0]!.id, { quantity: 1, [field]: '0.01' })
      .expect(400);
    expect(await readCart(user)).toMatchObject({ total: '10.00' });
  });

  it.each([
    ['nothing', {}],
    ['a product and a ticket type', { productId: 1, ticketTypeId: 1 }],
    ['a quantity in words', { productId: 1, quantity: '2' }],
    ['none of it', { productId: 1, quantity: 0 }],
    ['less than nothing', { productId: 1, quantity: -1 }],
    ['half of one', { productId: 1, quantity: 0.5 }],
    ['more than a line can have', { productId: 1, quantity: 1001 }],
    ['seats of a product', { productId: 1, seatIds: [1] }],
    ['a seat twice', { ticketTypeId: 1, seatIds: [1, 1] }],
  ])('400 for %s', async (_what, fields) => {
    expect(codeOf(await cartOf(user).add(fields).expect(400))).toBe('VALIDATION_ERROR');
  });

  it('404 for what is unknown, a draft or deleted, and leaves no cart behind', async () => {
    const draft = await anEvent({ status: 'draft' });
    const products = [
      await aProduct({ status: 'draft' }),
      await aProduct({ status: 'archived', archived_at: new Date() }),
      await aProduct({ deleted_at: new Date() }),
      2_000_000_000,
    ];
    for (const productId of products) await cartOf(user).add({ productId }).expect(404);
    for (const ticketTypeId of [draft.ticketTypeId, 2_000_000_000])
      await cartOf(user).add({ ticketTypeId }).expect(404);
    // Its organizer may see the draft, but cannot sell it.
    await cartOf(await theOrganizer())
      .add({ ticketTypeId: draft.ticketTypeId })
      .expect(404);
    expect(await database('carts').where({ user_id: user.user.id })).toEqual([]);
  });

  it('409 CURRENCY_MISMATCH for another currency than that of the cart', async () => {
    const { ticketTypeId } = await anEvent({ currency: 'USD' });
    const productId = await aProduct();
    await addToCart(user, { productId });
    expect(codeOf(await cartOf(user).add({ ticketTypeId }).expect(409))).toBe('CURRENCY_MISMATCH');
    await cartOf(user).empty().expect(200);
    expect(await addToCart(user, { ticketTypeId })).toMatchObject({ currency: 'USD' });
    expect(codeOf(await cartOf(user).add({ productId }).expect(409))).toBe('CURRENCY_MISMATCH');
  });

  it('409 QUANTITY_LIMIT with the limit of the product, ticket type, event or cart', async () => {
    const productId = await aProduct({ max_per_order: 3 });
    await addToCart(user, { productId, quantity: 3 });
    const refused = await cartOf(user).add({ productId }).expect(409);
    expect([codeOf(refused), limitOf(refused)]).toEqual(['QUANTITY_LIMIT', 3]);
    const boxes = [
      { name: 'Box', price: '20', minPerBooking: 2, maxPerBooking: 4 },
      { name: 'Floor', price: '20' },
    ];
    const { event } = await anEvent({ maxPerUser: 6, ticketTypes: boxes });
    const [box, floor] = event.ticketTypes.map(({ id }) => id);
    expect(limitOf(await cartOf(user).add({ ticketTypeId: box }).expect(409))).toBe(2);
    expect(limitOf(await cartOf(user).add({ ticketTypeId: box, quantity: 5 }).expect(409))).toBe(4);
    const { items } = await addToCart(user, { ticketTypeId: box, quantity: 4 });
    expect(limitOf(await cartOf(user).add({ ticketTypeId: floor, quantity: 3 }).expect(409))).toBe(6);
    await addToCart(user, { ticketTypeId: floor, quantity: 2 });
    expect(limitOf(await cartOf(user).change(items[1]!.id, { quantity: 1 }).expect(409))).toBe(2);
    const open = await anEvent();
    const tooMany = await cartOf(user).add({ ticketTypeId: open.ticketTypeId, quantity: 11 }).expect(409);
    expect(limitOf(tooMany)).toBe(10);
  });

  it('409 QUANTITY_LIMIT for the 101st line', async () => {
    const { id } = await addToCart(user, { productId: await aProduct() });
    for (let line = 1; line < 100; line += 1)
      await database('cart_items').insert({ cart_id: id!, product_id: await aProduct(), quantity: 1, unit_price: 10 });
    const refused = await cartOf(user)
      .add({ productId: await aProduct() })
      .expect(409);
    expect([codeOf(refused), limitOf(refused)]).toEqual(['QUANTITY_LIMIT', 100]);
    expect(await readCart(user)).toMatchObject({ total: '1000.00' });
  });
});

describe('changeItem, removeItem, emptyCart', () => {
  it('sets quantities, removes items, and empties the cart', async () => {
    const [first, second] = [await aProduct(), await aProduct({ price: '3' })];
    await addToCart(user, { productId: first });
    const { items } = await addToCart(user, { productId: second });
    const change = async (index: number, quantity: number) =>
      cartIn(await cartOf(user).change(items[index]!.id, { quantity }).expect(200));
    expect(await change(0, 5)).toMatchObject({ total: '53.00' });
    expect(await change(0, 0)).toMatchObject({ total: '3.00', items: [{ productId: second }] });
    await cartOf(user).change(items[0]!.id, { quantity: 1 }).expect(404);
    expect(cartIn(await cartOf(user).remove(items[1]!.id).expect(200))).toMatchObject({ items: [], currency: null });
    await cartOf(user).remove(items[1]!.id).expect(404);
    await addToCart(user, { productId: first });
    expect(cartIn(await cartOf(user).empty().expect(200))).toMatchObject({ items: [], total: '0.00' });
    await cartOf(user).change(items[0]!.id, {}).expect(400);
    await cartOf(user).change(items[0]!.id, { quantity: -1 }).expect(400);
  });
});

describe('issues', () => {
  it('says what is out of stock, closed or gone, and that a price has changed', async () => {
    const [shirt, mug, poster] = [await aProduct({ stock: 2 }), await aProduct(), await aProduct()];
    const soon = await anEvent({ totalTickets: 3 });
    const [over, closed] = [await anEvent(), await anEvent()];
    for (const productId of [shirt, mug, poster]) await addToCart(user, { productId, quantity: 2 });
    for (const { ticketTypeId } of [soon, over, closed]) await addToCart(user, { ticketTypeId, quantity: 2 });
    expect(await issuesOf(user)).toEqual([null, null, null, null, null, null]);

    await changeProduct(mug, { price: '11' });
    await changeProduct(poster, { status: 'archived', archived_at: new Date() });
    await database('stock_movements').insert({ product_id: shirt, delta: -1, reason: 'Count' });
    await booked(await registerUser(), soon.event.id, 2);
    await database('events').where({ id: over.event.id }).update({ status: 'cancelled', cancelled_at: new Date() });
    await database('ticket_types').where({ id: closed.ticketTypeId }).update({ sales_end_at: new Date() });
    const cart = await readCart(user);
    expect(cart.items.map(({ issue }) => issue)).toEqual([
      'OUT_OF_STOCK',
      'PRICE_CHANGED',
      'UNAVAILABLE',
      'OUT_OF_STOCK',
      'UNAVAILABLE',
      'SALES_CLOSED',
    ]);
    // What is unavailable costs nothing: 2 × 10 + 2 × 11 + 2 × 20 + 2 × 20.
    expect(cart.items.map(({ total }) => total)).toEqual(['20.00', '22.00', '0.00', '40.00', '0.00', '40.00']);
    expect(cart.total).toBe('122.00');
    // Whoever changes the line has seen the price.
    await cartOf(user).change(cart.items[1]!.id, { quantity: 2 }).expect(200);
    expect((await issuesOf(user))[1]).toBeNull();
  });

  it('counts the tickets of an event together, and nothing as held', async () => {
    const types = [
      { name: 'A', price: '20' },
      { name: 'B', price: '20' },
    ];
    const { event } = await anEvent({ totalTickets: 3, ticketTypes: types });
    for (const { id } of event.ticketTypes) await addToCart(user, { ticketTypeId: id, quantity: 2 });
    expect(await issuesOf(user)).toEqual(['OUT_OF_STOCK', 'OUT_OF_STOCK']);
    const counters = await database('event_inventory').where({ event_id: event.id }).first('held', 'sold');
    expect(counters).toEqual({ held: 0, sold: 0 });
  });

  it('says UNAVAILABLE for a suspended organizer, and for a currency that is not the cart’s any more', async () => {
    const seller = await registerUser({ role: 'organizer' });
    const [theirs, ours] = [await aProduct({ organizer_id: seller.user.id }), await aProduct()];
    const { ticketTypeId } = await anEvent();
    for (const fields of [{ productId: theirs }, { ticketTypeId }, { productId: ours }]) await addToCart(user, fields);
    await database('users').where({ id: seller.user.id }).update({ status: 'suspended' });
    await changeProduct(ours, { currency: 'USD' });
    expect(await issuesOf(user)).toEqual(['UNAVAILABLE', null, 'UNAVAILABLE']);
    expect(await readCart(user)).toMatchObject({ currency: 'EUR', total: '20.00' });
  });
});

it('refuses in the database what no cart may be', async () => {
  const { id, items } = await addToCart(user, { productId: await aProduct() });
  const { ticketTypeId } = await anEvent();
  const item = { cart_id: id!, quantity: 1, unit_price: 1 };
  const refused = (constraint: string) => ({ constraint });
  const insert = (fields: Record<string, unknown>) => database('cart_items').insert({ ...item, ...fields } as never);
  await expect(insert({})).rejects.toMatchObject(refused('cart_items_kind'));
  await expect(insert({ product_id: items[0]!.productId })).rejects.toMatchObject(refused('cart_items_product_id_key'));
  await expect(insert({ ticket_type_id: ticketTypeId, quantity: 0 })).rejects.toMatchObject(
    refused('cart_items_quantity'),
  );
  await expect(insert({ ticket_type_id: ticketTypeId, seat_ids: [1, 2] })).rejects.toMatchObject(
    refused('cart_items_seat_ids'),
  );
  await expect(database('carts').insert({ expires_at: new Date() })).rejects.toMatchObject(refused('carts_owner'));
  await expect(database('carts').insert({ user_id: user.user.id })).rejects.toMatchObject(refused('carts_user_id_key'));
});
