import type { Cart } from '../../client/api';
import { database } from '../../src/database';
import { anOpenEvent, theOrganizer, type TestUser } from './bookings';
import { anonymous, as, type Client, type Method } from './client';
import type { TestEvent } from './events';

export type TestCart = Cart;

/** Who has a cart: a user, or somebody signed out with a token, or without one yet. */
export type CartHolder = TestUser | { cartToken: string } | undefined;

/** Sends requests about this cart. */
export function cartOf(holder: CartHolder) {
  const client: Client = holder && 'token' in holder ? as(holder) : anonymous;
  const token = holder && 'cartToken' in holder ? holder.cartToken : undefined;
  const send = (method: Method, path: string) => {
    const request = client[method](`/api/cart${path}`);
    return token === undefined ? request : request.set('X-Cart-Token', token);
  };
  return {
    get: (query = '') => send('get', query),
    set: (fields: Record<string, unknown>) => send('put', '').send(fields),
    empty: () => send('delete', ''),
    add: (fields: Record<string, unknown>) => send('post', '/items').send(fields),
    change: (id: number, fields: Record<string, unknown>) => send('put', `/items/${id}`).send(fields),
    remove: (id: number) => send('delete', `/items/${id}`),
  };
}

export const cartIn = ({ body }: { body: unknown }): TestCart => (body as { data: TestCart }).data;

/** Adds something to a cart and expects success. */
export async function addToCart(holder: CartHolder, fields: Record<string, unknown>): Promise<TestCart> {
  return cartIn(await cartOf(holder).add(fields).expect(200));
}

/** Returns a cart as it is now. */
export async function readCart(holder: CartHolder, query = ''): Promise<TestCart> {
  return cartIn(await cartOf(holder).get(query).expect(200));
}

let number = 0;

/** Inserts an active product of this test file's organizer: a shirt for 10.00 EUR without a limit. Returns its id. */
export async function aProduct({ stock = null, ...fields }: Record<string, unknown> = {}): Promise<number> {
  number += 1;
  const [row] = (await database('products')
    .insert({
      organizer_id: (await theOrganizer()).user.id,
      name: `Shirt ${number}`,
      slug: `shirt-${number}`,
      product_type: 'physical',
      price: '10.00',
      currency: 'EUR',
      status: 'active',
      ...fields,
    } as never)
    .returning('id')) as { id: number }[];
  await database('product_inventory').insert({ product_id: row!.id });
  if (stock !== null)
    await database('stock_movements').insert({ product_id: row!.id, delta: stock as number, reason: 'Initial stock' });
  return row!.id;
}

/** Creates an event in EUR at 20.00, and returns it with the id of its ticket type. */
export async function anEvent(
  fields: Parameters<typeof anOpenEvent>[0] = {},
): Promise<{ event: TestEvent; ticketTypeId: number }> {
  const event = await anOpenEvent({ currency: 'EUR', basePrice: 20, ...fields });
  return { event, ticketTypeId: event.ticketTypes[0]!.id };
}

/** Makes a cart signed out. */
export async function aTokenCart(fields: Record<string, unknown>): Promise<{ cartToken: string; cart: TestCart }> {
  const cart = await addToCart(undefined, fields);
  return { cartToken: cart.cartToken!, cart };
}

export const issuesOf = async (holder: CartHolder): Promise<(string | null)[]> =>
  (await readCart(holder)).items.map(({ issue }) => issue);
