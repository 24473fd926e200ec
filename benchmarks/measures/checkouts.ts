import type { TestDatabase } from '../stage';
import { walker, type Walker, type World } from '../world';
import { besideNoop, type BesideNoop } from './bookings';

/** One product in everybody's cart, of which there is more than enough. */
const STOCK = 1_000_000;
const PREPARE = `
  INSERT INTO products (organizer_id, sku, name, slug, product_type, price, currency, status)
  VALUES (1, 'HOT', 'Tour shirt', 'tour-shirt', 'physical', 25, 'USD', 'active');
  INSERT INTO shipping_options (name, countries, price) VALUES ('Post', '{GB}', 0);
  INSERT INTO product_inventory (product_id) SELECT id FROM products;
  INSERT INTO stock_movements (product_id, delta, reason, user_id) SELECT id, ${STOCK}, 'Initial stock', 1 FROM products;
  INSERT INTO carts (user_id) SELECT id FROM users;
  INSERT INTO cart_items (cart_id, product_id, quantity, unit_price) SELECT c.id, p.id, 1, 25 FROM carts c, products p;
  ANALYZE carts, cart_items, products`;

const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y',
  country: 'GB',
};

interface Held {
  orders: string;
  items: string;
  held: string;
}

const HELD = `
  SELECT (SELECT count(*) FROM orders WHERE status = 'pending') AS orders, (SELECT count(*) FROM order_items WHERE product_id IS NOT NULL) AS items,
         (SELECT held FROM product_inventory) AS held`;

/** Checks that every counted response has an order, and that only requests in flight have others. */
async function checkOrders(database: TestDatabase, { answered, uncounted }: Walker): Promise<void> {
  const [row] = await database.query<Held & Record<string, string>>(HELD);
  const counts = new Set(Object.values(row!).map(Number));
  const [count = 0] = counts;
  if (counts.size !== 1 || count < answered || count > answered + uncounted)
    throw new Error(`${answered} checkouts were answered, but the rows say ${JSON.stringify(row)}.`);
}

/** Measures checkouts of carts with one unit of the same product, each with an unpaid order. */
export async function checkouts(world: World): Promise<BesideNoop> {
  const { tokens } = world;
  const bodies = [JSON.stringify({ shippingAddress: ADDRESS, billingAddress: ADDRESS })];
  const orders = walker({ method: 'POST', paths: ['/api/orders'], tokens, bodies, spread: false });
  return besideNoop(world, orders, {
    prepare: (database) => database.query(PREPARE),
    check: (database) => checkOrders(database, orders),
  });
}
