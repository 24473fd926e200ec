import { database } from '../../../src/database';
import { codeOf, registerUser, type TestUser } from '../../helpers/bookings';
import {
  addToCart,
  anEvent,
  aProduct,
  aTokenCart,
  cartIn,
  cartOf,
  issuesOf,
  readCart,
  type TestCart,
} from '../../helpers/cart';
import { anonymous, as } from '../../helpers/client';
import { makeDiscount } from '../../helpers/discounts';
import { inHours, makeEvent } from '../../helpers/events';
import { aHall } from '../../helpers/seats';
import { makeAddress, makeShippingOption, makeTaxRate } from '../../helpers/store';

let user: TestUser;
beforeEach(async () => {
  user = await registerUser();
});

describe('discount codes', () => {
  const discountOf = ({ discountCode, discount, total }: TestCart) => [discountCode, discount, total];
  const set = (discountCode: string | null) => cartOf(user).set({ discountCode });

  it('take off what their organizer sells, or what is for their event', async () => {
    const other = await registerUser({ role: 'organizer' });
    const { event, ticketTypeId } = await anEvent();
    const theirs = await makeEvent(other, { currency: 'EUR', basePrice: 20 });
    await addToCart(user, { ticketTypeId });
    await addToCart(user, { ticketTypeId: theirs.ticketTypes[0]!.id });
    await addToCart(user, { productId: await aProduct({ event_id: event.id }) });
    await addToCart(user, { productId: await aProduct() });
    await makeDiscount({ code: 'HALF', value: 50 });
    await makeDiscount({ code: 'SHOW', value: 50, eventId: event.id });
    await makeDiscount({ code: 'FIVE', type: 'fixed', value: '5.00', currency: 'EUR' });
    await makeDiscount({ code: 'THEIRS', value: 10 }, other);
    expect(discountOf(cartIn(await set(' half ').expect(200)))).toEqual(['half', '20.00', '40.00']);
    expect(discountOf(cartIn(await set('SHOW').expect(200)))).toEqual(['SHOW', '15.00', '45.00']);
    expect(discountOf(cartIn(await set('FIVE').expect(200)))).toEqual(['FIVE', '5.00', '55.00']);
    expect(discountOf(cartIn(await set('THEIRS').expect(200)))).toEqual(['THEIRS', '2.00', '58.00']);
    expect((await readCart(user)).items.map(({ total }) => total)).toEqual(['20.00', '18.00', '10.00', '10.00']);
    expect(discountOf(cartIn(await set(null).expect(200)))).toEqual([null, '0.00', '60.00']);
  });

  it('are refused as in booking, and take nothing off once they cannot be used', async () => {
    await addToCart(user, { productId: await aProduct() });
    const refusal = async (discountCode: string) => codeOf(await set(discountCode).expect(409));
    await makeDiscount({ code: 'LATER', startsAt: inHours(1) });
    await makeDiscount({ code: 'DOLLARS', type: 'fixed', value: 5, currency: 'USD' });
    await makeDiscount({ code: 'OFF', isActive: false });
    const other = await registerUser({ role: 'organizer' });
    await makeDiscount({ code: 'ELSEWHERE' }, other);
    for (const code of ['NONE', 'LATER', 'DOLLARS', 'OFF', 'ELSEWHERE'])
      expect(await refusal(code)).toBe('DISCOUNT_INVALID');
    const once = await makeDiscount({ code: 'ONCE', value: 50, maxUses: 1 });
    expect(cartIn(await set('ONCE').expect(200))).toMatchObject({ total: '5.00' });
    const { event } = await anEvent();
    const use = { eventId: event.id, ticketsCount: 1, discountCode: 'ONCE' };
    await as(await registerUser())
      .post('/api/bookings')
      .send(use)
      .expect(201);
    expect(discountOf(await readCart(user))).toEqual(['ONCE', '0.00', '10.00']);
    expect(await refusal('ONCE')).toBe('DISCOUNT_EXHAUSTED');
    expect(once.code).toBe('ONCE');
    expect(codeOf(await cartOf(undefined).set({ discountCode: 'ONCE' }).expect(409))).toBe('DISCOUNT_INVALID');
    await cartOf(user).set({}).expect(400);
    await cartOf(user).set({ discountCode: '' }).expect(400);
  });
});

describe('tax and shipping', () => {
  it('follow the default address, or the one that is asked about', async () => {
    await makeTaxRate({ country: 'SI', rate: 22 });
    await makeTaxRate({ country: 'CA', region: 'Quebec', rate: 15 });
    await makeShippingOption({ name: 'Van', countries: ['SI', 'CA'], price: '9', freeFrom: 100, currency: 'EUR' });
    const post = await makeShippingOption({ name: 'Post', countries: ['SI'], price: '6.10', maxWeightGrams: 500 });
    const plane = await makeShippingOption({ name: 'Plane', countries: ['SI'], price: '20' });
    await makeShippingOption({ name: 'Dollars', countries: ['SI'], price: '1', currency: 'USD' });
    const productId = await aProduct({ price: '12.20', tax_rate: 10, weight_grams: 250 });
    const { ticketTypeId } = await anEvent({ taxRate: 5 });
    await addToCart(user, { ticketTypeId });
    await addToCart(user, { productId });
    const sums = ({ shippingTotal, tax, total }: TestCart) => [shippingTotal, tax, total];
    // 20.00 has 0.95, and 12.20 at its own rate 1.11.
    expect(sums(await readCart(user))).toEqual(['0.00', '2.06', '32.20']);
    // At 22 %, 12.20 has 2.20 and the post 1.10; tickets keep the rate of their event.
    expect(sums(await readCart(user, '?country=si'))).toEqual(['6.10', '4.25', '38.30']);
    await makeAddress(user, { country: 'SI' });
    expect(sums(await readCart(user))).toEqual(['6.10', '4.25', '38.30']);
    expect(sums(await readCart(user, `?shippingOptionId=${plane.id}`))[0]).toBe('20.00');
    expect(sums(await readCart(user, '?country=CA&region=quebec'))).toEqual(['9.00', '3.71', '41.20']);
    await addToCart(user, { productId, quantity: 2 });
    // Too heavy for the post.
    expect(sums(await readCart(user, `?shippingOptionId=${post.id}`))[0]).toBe('9.00');
    await addToCart(user, { productId, quantity: 5 });
    expect(sums(await readCart(user))[0]).toBe('0.00');
    await cartOf(user).get('?country=XX').expect(400);
  });
});

describe('seats', () => {
  it('are chosen, kept with their tickets, and told when they are taken', async () => {
    const hall = await aHall(undefined, { currency: 'EUR', basePrice: 20 });
    const ticketTypeId = hall.event.ticketTypes[0]!.id;
    const [a, b, c, d] = ['A1', 'A2', 'A3', 'A4'].map((name) => hall.seats[name]!);
    expect((await addToCart(user, { ticketTypeId, seatIds: [a, b] })).items).toMatchObject([
      {
        quantity: 2,
        seatIds: [a, b],
        seats: [
          { id: a, section: 'Stalls', row: 'A', number: '1', ticketTypeId },
          { id: b, number: '2' },
        ],
      },
    ]);
    const { items } = await addToCart(user, { ticketTypeId, seatIds: [b, c] });
    expect(items).toMatchObject([{ quantity: 3, seatIds: [a, b, c], issue: null }]);
    await cartOf(user).add({ ticketTypeId, quantity: 1 }).expect(400);
    await cartOf(user)
      .add({ ticketTypeId, quantity: 2, seatIds: [d] })
      .expect(400);
    await cartOf(user).change(items[0]!.id, { quantity: 4 }).expect(400);
    const elsewhere = await aHall();
    const foreign = elsewhere.seats.A1!;
    await cartOf(user)
      .add({ ticketTypeId, seatIds: [foreign] })
      .expect(400);
    const other = { eventId: hall.event.id, ticketsCount: 1, seatIds: [a] };
    await as(await registerUser())
      .post('/api/bookings')
      .send(other)
      .expect(201);
    expect(await issuesOf(user)).toEqual(['OUT_OF_STOCK']);
    const kept = cartIn(await cartOf(user).change(items[0]!.id, { quantity: 2 }).expect(200));
    expect(kept.items).toMatchObject([{ seatIds: [a, b] }]);
    await cartOf(user).empty().expect(200);
    await addToCart(user, { ticketTypeId });
    await cartOf(user)
      .add({ ticketTypeId, seatIds: [d] })
      .expect(400);
  });
});

describe('mergeCart', () => {
  const merging = (cartToken: string, owner = user) => as(owner).post('/api/cart/merge').send({ cartToken });

  it('adds up what was put in before signing in, once', async () => {
    const [shared, only] = [await aProduct(), await aProduct()];
    const { ticketTypeId } = await anEvent();
    await makeDiscount({ code: 'MERGED', value: 10 });
    const { cartToken, cart } = await aTokenCart({ productId: shared, quantity: 2 });
    await addToCart({ cartToken }, { ticketTypeId });
    await cartOf({ cartToken }).set({ discountCode: 'MERGED' }).expect(200);
    await addToCart(user, { productId: shared, quantity: 3 });
    await addToCart(user, { productId: only });
    const merged = cartIn(await merging(cartToken).expect(200));
    expect(merged.items.map(({ productId, quantity }) => [productId, quantity])).toEqual([
      [null, 1],
      [shared, 5],
      [only, 1],
    ]);
    expect(merged).toMatchObject({ discountCode: 'MERGED', total: '72.00', cartToken: null });
    expect(await database('carts').where({ id: cart.id })).toEqual([]);
    await merging(cartToken).expect(404);
    expect(await readCart({ cartToken })).toMatchObject({ id: null });
    expect((await readCart(user)).items).toHaveLength(3);
  });

  it('gives a user without a cart that one, also if two requests come at once', async () => {
    const productId = await aProduct();
    const { cartToken } = await aTokenCart({ productId, quantity: 2 });
    const answers = await Promise.all([merging(cartToken), merging(cartToken), cartOf(user).add({ productId })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 404]);
    expect((await readCart(user)).items).toMatchObject([{ productId, quantity: 3 }]);
  });

  it('leaves out what exceeds a limit', async () => {
    const productId = await aProduct({ max_per_order: 3 });
    const { event } = await anEvent({
      maxPerUser: 4,
      ticketTypes: [
        { name: 'A', price: 1 },
        { name: 'B', price: 1 },
      ],
    });
    const [a, b] = event.ticketTypes.map(({ id }) => id);
    const { cartToken } = await aTokenCart({ productId, quantity: 2 });
    await addToCart({ cartToken }, { ticketTypeId: a, quantity: 3 });
    await addToCart({ cartToken }, { ticketTypeId: b, quantity: 1 });
    await addToCart(user, { productId, quantity: 2 });
    await addToCart(user, { ticketTypeId: a, quantity: 2 });
    const { items } = cartIn(await merging(cartToken).expect(200));
    expect(items.map(({ quantity }) => quantity)).toEqual([1, 3, 3]);
  });

  it('409 for two currencies and more than 100 lines, which leaves both carts as they are', async () => {
    const { ticketTypeId } = await anEvent({ currency: 'USD' });
    const dollars = await aTokenCart({ ticketTypeId });
    const { id } = await addToCart(user, { productId: await aProduct() });
    expect(codeOf(await merging(dollars.cartToken).expect(409))).toBe('CURRENCY_MISMATCH');
    for (let line = 1; line < 100; line += 1)
      await database('cart_items').insert({ cart_id: id!, product_id: await aProduct(), quantity: 1, unit_price: 10 });
    const euros = await aTokenCart({ productId: await aProduct() });
    expect(codeOf(await merging(euros.cartToken).expect(409))).toBe('QUANTITY_LIMIT');
    for (const holder of [dollars, euros, user]) expect((await readCart(holder)).items).not.toEqual([]);
  });

  it('400 for what is no token, 404 for a user’s cart', async () => {
    await merging('short').expect(400);
    await merging('A'.repeat(43)).expect(404);
    await anonymous
      .post('/api/cart/merge')
      .send({ cartToken: 'A'.repeat(43) })
      .expect(401);
  });

  it('keeps chosen seats only if both carts have chosen them', async () => {
    const { event, seats } = await aHall(undefined, { currency: 'EUR', basePrice: 20 });
    const ticketTypeId = event.ticketTypes[0]!.id;
    const [a, b, c] = [seats.A1!, seats.A2!, seats.A3!];
    const { cartToken } = await aTokenCart({ ticketTypeId, seatIds: [a, b] });
    await addToCart(user, { ticketTypeId, seatIds: [b, c] });
    expect(cartIn(await merging(cartToken).expect(200)).items).toMatchObject([{ quantity: 3, seatIds: [b, c, a] }]);
    const unseated = await aTokenCart({ ticketTypeId });
    expect(cartIn(await merging(unseated.cartToken).expect(200)).items).toMatchObject([{ quantity: 4, seatIds: [] }]);
  });
});
