import type { TestUser } from '../accounts';
import { theOrganizer } from '../bookings';
import { addToCart } from '../cart';
import { aDownload, anUnsentOrder, fulfilling, startingDownload, withdrawing } from '../fulfillment';
import { aHall } from '../seats';
import { makeAddress } from '../store';

/** Creates an address, a cart with chosen seats, an order that is partly sent and partly withdrawn, and a download. */
export async function fillStore(user: TestUser): Promise<void> {
  await makeAddress(user);
  const { event, seats } = await aHall();
  await addToCart(user, { ticketTypeId: event.ticketTypes[0]!.id, seatIds: [seats.A1, seats.A2] });
  const { owner: buyer, orderId, itemId } = await anUnsentOrder();
  await fulfilling(await theOrganizer(), orderId, { items: [{ itemId, quantity: 1 }] }).expect(201);
  await withdrawing(buyer, orderId, { items: [{ itemId, quantity: 1 }], confirm: true }).expect(201);
  const { owner } = await anUnsentOrder();
  await startingDownload(owner, await aDownload(owner)).expect(302);
}

/** What breaks each invariant of the store. */
export const storeCorruptions: Record<string, string> = {
  'nobody has more than 20 addresses, or two defaults': `
    INSERT INTO addresses (user_id, name, line1, city, postal_code, country, is_default)
    SELECT user_id, name, line1, city, postal_code, country, true FROM addresses`,
  'a cart has at most 100 items, and no item twice': `
    INSERT INTO cart_items (cart_id, product_id, quantity, unit_price)
    SELECT min(cart_id), n, 1, 1 FROM cart_items CROSS JOIN generate_series(1, 100) n GROUP BY n`,
  'a cart item has as many chosen seats as tickets': 'UPDATE cart_items SET quantity = quantity + 1',
  'no more of an item is sent than was bought, and only goods are': 'UPDATE fulfillment_items SET quantity = 100',
  'how much of an order is sent is what its fulfillments and refunds say': `UPDATE orders SET fulfillment_status = 'none'`,
  'one mail tells of each fulfillment': `DELETE FROM outbox_messages WHERE topic = 'order.fulfilled'`,
  'what is withdrawn is returned': 'UPDATE withdrawal_items SET quantity = 100',
  'a withdrawal refunds what its items cost, and one mail confirms it': 'UPDATE withdrawals SET refund_amount = 100',
  'each seller of what is withdrawn has one mail about it': `DELETE FROM outbox_messages WHERE topic = 'order.withdrawal_received'`,
  'nothing is downloaded more than five times, and only downloads are': 'UPDATE order_downloads SET count = 6',
};
