import { randomUUID } from 'node:crypto';
import { database } from '../../../src/database';
import { AppError } from '../../../src/errors';
import { getProvider } from '../../../src/integrations/payments';
import { signSandboxWebhook } from '../../../src/integrations/payments/sandbox';
import { receiveWebhook } from '../../../src/services/payments/receive-webhook';
import { anOpenEvent, registerUser, registerUsers, type TestUser } from '../../helpers/bookings';
import {
  aProduct,
  checkedOut,
  checkingOut,
  expireOrder,
  fillCart,
  fillCarts,
  ordered,
  stockOf,
} from '../../helpers/checkout';
import { createBarrier, startWithFaults, type Faults } from '../../helpers/fault-injection';
import type { Instance } from '../../helpers/instance';
import { atSandbox, orderOf, paying, settleMoney } from '../../helpers/orders';

const sandbox = () => getProvider('sandbox');

describe('the payment of a checkout', () => {
  it('is started after the commit, while nothing is locked', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 5 })];
    const createIntent = sandbox().createIntent.bind(sandbox());
    const seen: unknown[] = [];
    jest.spyOn(sandbox(), 'createIntent').mockImplementation(async (charge) => {
      await database.transaction(async (trx) => {
        seen.push(await trx('orders').where('id', charge.orderId).forUpdate().noWait().first('status'));
        seen.push(await trx('product_inventory').where('product_id', productId).forUpdate().noWait().first('held'));
      });
      return createIntent(charge);
    });
    await ordered(user, [{ productId, quantity: 2 }], { paymentMethod: 'sandbox' });
    expect(seen).toEqual([{ status: 'pending' }, { held: 2 }]);
  });

  it('can be started again after the process died between the commit and the intent', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 5 })];
    const down = jest.spyOn(sandbox(), 'createIntent').mockRejectedValue(new AppError('UNAVAILABLE'));
    const order = await ordered(user, [{ productId }], { paymentMethod: 'sandbox' });
    expect(order).toMatchObject({ status: 'pending', payment: null });
    down.mockRestore();
    await paying(user, order.id).expect(200);
    expect(await database('payments').where('order_id', order.id)).toHaveLength(1);
  });

  it('blocks no stock for ever if nobody starts it again', async () => {
    const [user, productId] = [await registerUser(), await aProduct({ stock: 1 })];
    const down = jest.spyOn(sandbox(), 'createIntent').mockRejectedValue(new AppError('UNAVAILABLE'));
    const order = await ordered(user, [{ productId }], { paymentMethod: 'sandbox' });
    down.mockRestore();
    await expireOrder(order.id);
    expect(await orderOf(user, order.id)).toMatchObject({ status: 'expired', payments: [{ status: 'cancelled' }] });
    expect(await stockOf(productId)).toEqual({ stock: 1, held: 0, sold: 0 });
  });
});

describe('a row that another transaction holds', () => {
  it.each(['product_inventory', 'event_inventory', 'carts'] as const)(
    'of %s delays only who needs it',
    async (table) => {
      const [held, other] = (await registerUsers(2)) as [TestUser, TestUser];
      const event = await anOpenEvent();
      const productId = await aProduct({ stock: 5 });
      await fillCart(held, [{ productId }, { ticketTypeId: event.ticketTypes[0]!.id }]);
      await fillCart(other, [{ productId: await aProduct({ stock: 5 }) }]);
      const where = {
        product_inventory: { product_id: productId },
        event_inventory: { event_id: event.id },
        carts: { user_id: held.user.id },
      };
      const trx = await database.transaction();
      try {
        await trx(table).where(where[table]).forUpdate();
        const waiting = checkingOut(held).then(({ status }) => status);
        await checkingOut(other).expect(201);
        await trx.commit();
        expect(await waiting).toBe(201);
      } finally {
        if (!trx.isCompleted()) await trx.rollback();
      }
      expect(await stockOf(productId)).toMatchObject({ held: 1 });
    },
  );
});

const LIFE = [
  { type: 'payment.processing', status: 'processing', captured: '0' },
  { type: 'payment.failed', status: 'failed', captured: '0' },
  { type: 'payment.succeeded', status: 'succeeded', captured: '30.00' },
];
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

async function deliver(intentId: string, type: string): Promise<void> {
  const body = Buffer.from(JSON.stringify({ id: randomUUID(), type, intentId }));
  await receiveWebhook('sandbox', { body, headers: { 'sandbox-signature': signSandboxWebhook(body) } });
}

describe('webhooks about an order of tickets and goods', () => {
  it('end in one state in any order, repeated and at once', async () => {
    const event = await anOpenEvent({ basePrice: '20.00' });
    const productId = await aProduct({ stock: 50 });
    const users = await registerUsers(ORDERS.length);
    await fillCarts(users, [{ ticketTypeId: event.ticketTypes[0]!.id }, { productId }]);
    for (const [index, order] of ORDERS.entries()) {
      const { payment } = await checkedOut(users[index]!, { paymentMethod: 'sandbox' });
      const intentId = payment!.paymentIntentId!;
      for (const [step, which] of order.entries()) {
        // The provider is at least where its webhook says it was.
        const { status, captured } = LIFE[Math.max(...order.slice(0, step + 1))]!;
        await atSandbox(intentId, { status, captured });
        await Promise.all([deliver(intentId, LIFE[which]!.type), deliver(intentId, LIFE[which]!.type)]);
      }
    }
    await settleMoney();
    const { rows } = await database.raw<{ rows: object[] }>(
      `SELECT o.status, b.status AS booking, c.status AS claim, count(DISTINCT p.id)::int AS payments,
         (SELECT sum(amount)::text FROM ledger_entries l WHERE l.order_id = o.id AND l.account = 'sales') AS sales,
         (SELECT count(*)::int FROM tickets t WHERE t.booking_id = b.id AND t.status = 'valid') AS tickets
       FROM orders o JOIN bookings b ON b.order_id = o.id JOIN product_claims c ON c.order_id = o.id JOIN payments p ON p.order_id = o.id
       WHERE b.event_id = :eventId GROUP BY o.id, b.id, c.status`,
      { eventId: event.id },
    );
    const end = { status: 'paid', booking: 'confirmed', claim: 'sold', payments: 1, sales: '-30.000', tickets: 1 };
    expect(rows).toEqual(ORDERS.map(() => end));
    expect(await stockOf(productId)).toEqual({ stock: 50, held: 0, sold: ORDERS.length });
  });
});

describe('the last unit, checked out in two processes at once', () => {
  let meet: () => Promise<void>;
  let instances: Instance[] = [];
  afterEach(() => Promise.all(instances.map((instance) => instance.close())));

  /** Two processes that read the product before either sells it, unless a lock keeps them apart. */
  async function race(isLocked: boolean): Promise<number[]> {
    meet = createBarrier(2);
    const faults: Faults = {
      'models/inventory/products': ({ lockProducts, readProducts }) => ({
        lockProducts: async (...request) => (isLocked ? lockProducts(...request) : []),
        async readProducts(...request) {
          const products = await readProducts(...request);
          if (products.length > 0) await meet();
          return products;
        },
      }),
    };
    instances = [startWithFaults(faults), startWithFaults(faults)];
    const users = await registerUsers(2);
    const productId = await aProduct({ stock: 1 });
    await fillCarts(users, [{ productId }]);
    const answers = await Promise.all(
      instances.map((instance, index) => instance.as(users[index]!.token).post('/api/orders').send({})),
    );
    expect(await stockOf(productId)).toEqual({ stock: 1, held: 1, sold: 0 });
    return answers.map(({ status }) => status).sort();
  }

  it('is sold once and refused once with the lock', async () => {
    expect(await race(true)).toEqual([201, 409]);
  });

  it('is decided twice without the lock, and stopped by the CHECK', async () => {
    expect(await race(false)).toEqual([201, 500]);
  });
});
