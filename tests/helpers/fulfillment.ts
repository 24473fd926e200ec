import { registerUser, type TestUser } from './accounts';
import { theOrganizer } from './bookings';
import { ADA, aProduct, ordered, type CartLine, type CheckedOut, type Checkout } from './checkout';
import { as } from './client';
import { PDF, uploaded } from './files';
import { database } from '../../src/database';
import { makeShippingOption } from './store';

/** Makes a paid order of these goods, whose products cost nothing. */
export async function aFreeOrder(owner: TestUser, lines: CartLine[]): Promise<CheckedOut> {
  const option = await makeShippingOption({ name: 'Free', price: 0 });
  return ordered(owner, lines, { shippingAddress: ADA, shippingOptionId: option.id });
}

/** Makes a paid order of shirts of this seller, by default three. */
export async function anUnsentOrder({ quantity = 3, seller }: { quantity?: number; seller?: TestUser } = {}) {
  const owner = await registerUser();
  const productId = await aProduct({
    seller: seller ?? (await theOrganizer()),
    productType: 'physical',
    price: '0',
    stock: 10,
  });
  const order = await aFreeOrder(owner, [{ productId, quantity }]);
  return { owner, orderId: order.id, itemId: order.items[0]!.id, order };
}

/** Makes a paid order of a download. */
export async function aDownload(owner: TestUser, file: Buffer = PDF, fields: Checkout = {}) {
  const seller = await theOrganizer();
  const { id: fileId } = await uploaded(seller, file);
  const productId = await aProduct({ seller, price: '0' });
  await database('products').where({ id: productId }).update({ file_id: fileId });
  const order = await ordered(owner, [{ productId }], fields);
  return { orderId: order.id, itemId: order.items[0]!.id, productId };
}

export const fulfilling = (user: TestUser, orderId: number, fields: Record<string, unknown>) =>
  as(user).post(`/api/orders/${orderId}/fulfillments`).send(fields);

export const startingDownload = (user: TestUser, { orderId, itemId }: { orderId: number; itemId: number }) =>
  as(user).get(`/api/orders/${orderId}/items/${itemId}/download`);

export const withdrawing = (user: TestUser, orderId: number, fields: Record<string, unknown> = { confirm: true }) =>
  as(user).post(`/api/orders/${orderId}/withdrawal`).send(fields);
