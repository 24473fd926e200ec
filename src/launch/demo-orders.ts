import { database } from '../database';
import type { Actor } from '../lib/actor';
import { logger } from '../logger';
import { addItem } from '../services/cart/change-cart';
import { checkout } from '../services/orders/checkout';
import type { Order } from '../services/orders/get-orders';
import { fulfillOrder } from '../services/orders/fulfill-order';
import { decideSandboxPayment } from '../services/payments/decide-sandbox-payment';
import { refundOrder } from '../services/payments/refund-order';
import { listProducts } from '../services/products/list-products';
import { findAccountByAddress } from '../services/users/accounts';

interface DemoOrder {
  /** The account before @bilten.example. */
  customer: string;
  /** Names of products, and how many of each. */
  goods: Record<string, number>;
  isPaid: boolean;
  /** The product that is sent, or refunded. */
  sent?: string;
  refunded?: string;
}

// One in each state: to be sent, sent in part, sent, not to be sent, refunded in part, refunded, and one that is never paid.
const ORDERS: DemoOrder[] = [
  { customer: 'customer', goods: { 'Tour shirt, black': 1, 'Enamel mug': 2 }, isPaid: true },
  { customer: 'guest', goods: { 'Hooded sweater': 1, 'Running cap': 1 }, isPaid: true, sent: 'Hooded sweater' },
  { customer: 'customer', goods: { 'Enamel mug': 2 }, isPaid: true, sent: 'Enamel mug' },
  { customer: 'customer', goods: { 'Winter Voices, live recording': 1 }, isPaid: true },
  { customer: 'student', goods: { 'Canvas bag': 1, 'Recipe cards': 1 }, isPaid: true, refunded: 'Recipe cards' },
  {
    customer: 'student',
    goods: { 'Vinyl, Fado in the cellar': 1 },
    isPaid: true,
    refunded: 'Vinyl, Fado in the cellar',
  },
  { customer: 'guest', goods: { 'Canvas bag': 2 }, isPaid: false },
];

const QUAY = {
  name: 'Demo Customer',
  company: null,
  line1: 'Quay Street 12',
  line2: null,
  city: 'Hamburg',
  postalCode: '20457',
  region: null,
  country: 'DE',
  phone: null,
};

async function actAs(email: string): Promise<Actor> {
  const account = await findAccountByAddress(database, email);
  if (!account) throw new Error(`There is no account ${email}.`);
  return { userId: account.id, role: account.role, sessionId: 0, requestId: 'demo' };
}

async function listGoods(): Promise<Map<string, { id: number; organizerId: number }>> {
  const query = { limit: 100, sort: 'createdAt', order: 'asc' } as const;
  const { data } = await listProducts(undefined, { ...query, page: 1 });
  return new Map(data.map(({ id, name, organizerId }) => [name, { id, organizerId }]));
}

async function pay(order: Order & { payment: { paymentIntentId: string | null } | null }): Promise<void> {
  const { paymentIntentId } = order.payment ?? {};
  if (paymentIntentId) await decideSandboxPayment(paymentIntentId, 'succeed', 'demo');
}

async function make({ customer, goods, isPaid, sent, refunded }: DemoOrder): Promise<void> {
  const actor = await actAs(`${customer}@bilten.example`);
  const products = await listGoods();
  for (const [name, quantity] of Object.entries(goods))
    await addItem({ actor, cartToken: undefined }, { productId: products.get(name)!.id, quantity });
  const { value: order } = await checkout(
    actor,
    { billingAddress: { ...QUAY, vatId: null }, shippingAddress: QUAY, paymentMethod: 'sandbox', acceptedTerms: true },
    undefined,
  );
  if (!isPaid) return;
  await pay(order);
  const findItem = (name: string) => order.items.find((item) => item.name === name)!;
  const sellOf = (name: string): Actor => ({
    userId: products.get(name)!.organizerId,
    role: 'organizer',
    sessionId: 0,
    requestId: 'demo',
  });
  if (sent !== undefined) {
    const { id: itemId, quantity } = findItem(sent);
    await fulfillOrder(sellOf(sent), {
      orderId: order.id,
      items: [{ itemId, quantity }],
      carrier: 'DHL',
      trackingNumber: `DEMO-${order.id}`,
      trackingUrl: null,
    });
  }
  if (refunded !== undefined) {
    const { id: itemId, quantity } = findItem(refunded);
    await refundOrder(sellOf(refunded), {
      orderId: order.id,
      items: [{ itemId, quantity, restock: true }],
      reason: 'It arrived with a dent',
    });
  }
}

/** Orders goods as the demo customers, and sends and refunds some as their sellers. */
export async function makeDemoOrders(): Promise<void> {
  // Orders need the sandbox as a payment provider; without it the demo has none.
  for (const order of ORDERS)
    await make(order).catch((error: Error) => logger.warn({ err: error }, 'A demo order could not be made'));
}
