import { anOpenEvent, registerUsers, type TestUser } from '../bookings';
import { aProduct, checkingOut, checkedOut, fillCart } from '../checkout';
import { makeDiscount } from '../discounts';
import { deciding } from '../orders';

/** Creates orders of tickets and goods: unpaid, with a code, and paid. */
export async function fillCheckouts(): Promise<void> {
  const [a, b] = (await registerUsers(2)) as [TestUser, TestUser];
  const event = await anOpenEvent({ basePrice: '10.00' });
  const lines = [{ ticketTypeId: event.ticketTypes[0]!.id }, { productId: await aProduct({ stock: 9 }), quantity: 2 }];
  const { code } = await makeDiscount({ value: 10 });
  await fillCart(a, lines, code);
  await checkingOut(a).set('Idempotency-Key', 'an order').expect(201);
  await fillCart(b, lines);
  const { payment } = await checkedOut(b, { paymentMethod: 'sandbox' });
  await deciding(payment!.paymentIntentId, 'succeed').expect(200);
}

const anOrder = (status: string): string =>
  `(SELECT min(id) FROM orders WHERE request_id IS NOT NULL AND status = '${status}')`;

/** For each invariant of checkouts, a statement that breaks it. */
export const checkoutCorruptions: Record<string, string> = {
  'a product’s held counter equals the claims of unpaid orders': 'UPDATE product_inventory SET held = held + 1',
  'a product’s sold counter equals the claims of paid orders, less what was returned':
    'UPDATE product_inventory SET sold = sold + 1',
  'no product is oversold, counted by claims': 'UPDATE product_inventory SET stock = 3',
  'every order item for a product has one claim, and no other item has one': 'DELETE FROM product_claims',
  'the product claims of an order match its status': `UPDATE product_claims SET status = 'released' WHERE order_id = ${anOrder('pending')}`,
  'the bookings of an order have a status that matches the order’s': `UPDATE bookings SET status = 'expired', expired_at = now() WHERE order_id = ${anOrder('pending')}`,
  'a booking of a checkout order has no order of its own':
    'UPDATE bookings SET order_id = 2000000000 WHERE order_id IS NOT NULL',
  'the items of a checkout order add up to its total, to the cent': 'UPDATE order_items SET total = total + 0.01',
  'a checkout order has items': `DELETE FROM order_items WHERE order_id = ${anOrder('paid')}`,
  'a booking of a checkout order costs the sum of its items':
    'UPDATE bookings SET total_amount = total_amount + 1 WHERE order_id IS NOT NULL',
  'a ticket item belongs to a booking of its order':
    'UPDATE order_items SET booking_id = (SELECT min(id) FROM bookings)',
  'a discount use of a checkout order is active while the order is': 'UPDATE order_discounts SET is_active = false',
  'a paid checkout order has a payment that covers it': `UPDATE orders SET payment_id = NULL WHERE id = ${anOrder('paid')}`,
  'a checkout order has one confirmation message if it is paid, and none otherwise': `DELETE FROM outbox_messages WHERE topic = 'order.paid'`,
  'a checkout order without bookings has one expiry message if it expired, and none otherwise': `INSERT INTO outbox_messages (topic, payload) SELECT 'order.expired', payload FROM outbox_messages WHERE topic = 'order.paid'`,
  'no more of an order item is refunded than was bought': `
    INSERT INTO order_item_refunds (order_id, position, quantity, amount) SELECT order_id, position, quantity + 1, 0 FROM order_items`,
  'a stored response to a checkout is about an order of its user': `UPDATE idempotency_keys SET user_id = (SELECT min(id) FROM users) WHERE key = 'an order'`,
};
