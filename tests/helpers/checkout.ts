import { randomUUID } from 'node:crypto';
import { database } from '../../src/database';
import { expireOrders } from '../../src/services/orders/expire-orders';
import { closeDuePayments } from '../../src/services/payments/close-payments';
import { syncPayment } from '../../src/services/payments/sync-payment';
import type { TestUser } from './accounts';
import { theOrganizer } from './bookings';
import { as } from './client';
import type { BodyOf, DataOf } from './endpoints';
import { atSandbox, deciding, settleMoney } from './orders';

// Products and carts as rows: what a checkout starts from.

export const ADA = {
  name: 'Ada Lovelace',
  line1: 'Harbor Road 1',
  city: 'Vienna',
  postalCode: '1020',
  country: 'AT',
};

export type Checkout = BodyOf<'POST /api/orders'>;
export type CheckedOut = DataOf<'POST /api/orders'>;

interface ProductFields {
  seller?: TestUser;
  stock?: number | null;
  price?: string;
  currency?: string;
  productType?: string;
  taxRate?: string | null;
  taxInclusive?: boolean;
  maxPerOrder?: number | null;
  status?: string;
  creditAmount?: string;
}

/** Inserts a product on sale; by default a download at 10.00 USD without a limit. */
export async function aProduct(fields: ProductFields = {}): Promise<number> {
  const { seller = await theOrganizer(), stock = null, price = '10.00', productType = 'digital' } = fields;
  const slug = `product-${randomUUID()}`;
  const [row] = (await database('products')
    .insert({
      organizer_id: seller.user.id,
      name: 'A thing',
      slug,
      sku: slug,
      product_type: productType as 'digital',
      price,
      currency: fields.currency ?? 'USD',
      tax_rate: fields.taxRate ?? null,
      is_tax_inclusive: fields.taxInclusive ?? true,
      max_per_order: fields.maxPerOrder ?? null,
      status: (fields.status ?? 'active') as 'active',
      license_policy: productType === 'license' ? { durationDays: null, maxActivations: 3, offlineDays: 14 } : null,
      credit_amount: fields.creditAmount ?? null,
    })
    .returning('id')) as [{ id: number }];
  await database.raw('INSERT INTO product_inventory (product_id) VALUES (?) ON CONFLICT DO NOTHING', [row.id]);
  if (stock !== null)
    await database('stock_movements').insert({ product_id: row.id, delta: stock, reason: 'opening stock' });
  return row.id;
}

export interface CartLine {
  productId?: number;
  ticketTypeId?: number;
  quantity?: number;
  seatIds?: number[];
}

/** Puts the same lines into the carts of these users. */
export async function fillCarts(
  users: TestUser[],
  lines: CartLine[],
  discountCode: string | null = null,
): Promise<void> {
  await database.raw(
    `WITH filled AS (
       INSERT INTO carts (user_id, discount_code) SELECT unnest(?::int[]), ?
       ON CONFLICT (user_id) DO UPDATE SET version = carts.version + 1, discount_code = excluded.discount_code
       RETURNING id
     )
     INSERT INTO cart_items (cart_id, product_id, ticket_type_id, quantity, seat_ids, unit_price)
     SELECT f.id, l."productId", l."ticketTypeId", coalesce(l.quantity, 1),
       (SELECT array_agg(s::int) FROM jsonb_array_elements_text(l."seatIds") s), 0
     FROM jsonb_to_recordset(?::jsonb) AS l ("productId" int, "ticketTypeId" int, quantity int, "seatIds" jsonb), filled f`,
    [users.map(({ user }) => user.id), discountCode, JSON.stringify(lines)],
  );
}

export async function fillCart(user: TestUser, lines: CartLine[], discountCode?: string): Promise<void> {
  await fillCarts([user], lines, discountCode);
}

export const checkingOut = (user: TestUser, fields: Record<string, unknown> = {}) =>
  as(user).post('/api/orders').send(fields);

/** Checks the user's cart out and expects success. */
export async function checkedOut(user: TestUser, fields: Checkout = {}): Promise<CheckedOut> {
  return (await as(user).call('POST /api/orders', { body: fields })).data;
}

/** Fills the user's cart and checks it out. */
export async function ordered(user: TestUser, lines: CartLine[], fields: Checkout = {}): Promise<CheckedOut> {
  await fillCart(user, lines);
  return checkedOut(user, fields);
}

export interface Stock {
  stock: number | null;
  held: number;
  sold: number;
}

export async function stockOf(productId: number): Promise<Stock> {
  return (await database('product_inventory').where('product_id', productId).first('stock', 'held', 'sold')) as Stock;
}

/** Makes the hold of an order end and runs the schedules that expire it. */
export async function expireOrder(orderId: number): Promise<void> {
  await database('orders')
    .where('id', orderId)
    .update({ expires_at: database.raw("created_at + interval '1 ms'") });
  await database('bookings')
    .where('order_id', orderId)
    .update({ expires_at: database.raw("created_at + interval '1 ms'") });
  await closeDuePayments();
  await expireOrders();
}

/** The customer pays an order at the provider after it has ended, and the program hears of it. */
export async function payLate({ id, total, payment }: CheckedOut): Promise<void> {
  await atSandbox(payment!.paymentIntentId, { status: 'succeeded', captured: total });
  const row = (await database('payments').where('order_id', id).first('id')) as { id: number };
  await syncPayment(row.id);
  await settleMoney();
}

/** The customer pays an order through the sandbox. */
export async function payNow({ payment }: CheckedOut): Promise<void> {
  await deciding(payment!.paymentIntentId, 'succeed').expect(200);
}
