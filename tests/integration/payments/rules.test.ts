import { randomUUID } from 'node:crypto';
import { database } from '../../../src/database';
import { theOrganizer } from '../../helpers/bookings';
import { anUnpaidOrder, aPaidOrder, intentOf, refunding, settleMoney } from '../../helpers/orders';

// Writes directly to the database with the program's rights, to show that PostgreSQL refuses what the program must never do.

interface World {
  /** An order of 20.00 that is paid, with 5.00 refunded. */
  order: number;
  payment: number;
  refund: number;
  /** An unpaid order with a pending payment. */
  openOrder: number;
  openPayment: number;
  openBooking: number;
}

let world: World;

beforeAll(async () => {
  const { orderId } = await aPaidOrder();
  await refunding(await theOrganizer(), orderId, { amount: 5 }).expect(200);
  await settleMoney();
  const open = await anUnpaidOrder();
  await intentOf(open.owner, open.orderId);
  const paymentOf = async (id: number): Promise<number> =>
    ((await database('payments').where('order_id', id).first('id')) as { id: number }).id;
  world = {
    order: orderId,
    payment: await paymentOf(orderId),
    refund: ((await database('refunds').first('id')) as { id: number }).id,
    openOrder: open.orderId,
    openPayment: await paymentOf(open.orderId),
    openBooking: open.booking.id,
  };
});

interface Refusal {
  code: string;
  constraint?: string;
}

const fill = (statement: string): string =>
  statement.replaceAll(/\{(\w+)\}/g, (_all, name: keyof World) => String(world[name])).replaceAll('?', '\\?');

/** Returns the error of a statement, or undefined if PostgreSQL would commit it. Rolls back in both cases. */
async function refusal(statement: string): Promise<Refusal | undefined> {
  const trx = await database.transaction();
  try {
    await trx.raw(fill(statement));
    // Check deferred constraints now rather than at the commit.
    await trx.raw('SET CONSTRAINTS ALL IMMEDIATE');
    return undefined;
  } catch (error) {
    const { code, constraint } = error as Refusal;
    return { code, constraint };
  } finally {
    await trx.rollback();
  }
}

const transaction = randomUUID();
const entries = (...lines: [account: string, amount: string, currency?: string][]): string =>
  `INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id) VALUES ${lines
    .map(
      ([account, amount, currency = 'USD']) =>
        `('${transaction}', 'capture', '${account}', ${amount}, '${currency}', {order}, {payment})`,
    )
    .join(', ')}`;
const refund = (amount: string): string =>
  `INSERT INTO refunds (payment_id, amount, currency, cause) VALUES ({payment}, ${amount}, 'USD', 'request')`;
const copyOrder = (changes: Record<string, string> = {}): string => {
  const values: Record<string, string> = {
    order_number: `'COPY'`,
    booking_id: 'NULL',
    status: `'pending'`,
    subtotal: '20',
    discount: '0',
    tax: '0',
    total: '20',
    ...changes,
  };
  return `INSERT INTO orders (user_id, event_id, customer_name, customer_email, tax_rate, is_tax_inclusive, currency, ${Object.keys(values).join(', ')})
    SELECT user_id, event_id, customer_name, customer_email, tax_rate, is_tax_inclusive, currency, ${Object.values(values).join(', ')} FROM orders WHERE id = {order}`;
};

const CHECK = '23514';
const UNIQUE = '23505';
const KEPT = '23000';
const MISSING = '23503';

const refused: [what: string, statement: string, code: string, constraint?: string][] = [
  ['one side of an entry', entries(['sales', '-5']), CHECK, 'ledger_entries_balanced'],
  ['entries that do not add up', entries(['sales', '-5'], ['tax', '4.99']), CHECK, 'ledger_entries_balanced'],
  [
    'entries that add up over two currencies',
    entries(['sales', '-5', 'USD'], ['tax', '5', 'EUR']),
    CHECK,
    'ledger_entries_balanced',
  ],
  ['an entry of nothing', entries(['sales', '0']), CHECK, 'ledger_entries_amount'],
  ['an account that there is not', entries(['pocket', '1'], ['sales', '-1']), CHECK, 'ledger_entries_account'],
  ['another amount of an entry', 'UPDATE ledger_entries SET amount = amount * 2', KEPT, 'ledger_entries_kept'],
  ['an entry less', 'DELETE FROM ledger_entries WHERE order_id = {order}', KEPT, 'ledger_entries_kept'],
  ['a refund of more than is left', refund('15.001'), CHECK, 'payments_refunded_within_captured'],
  ['a refund of less than nothing', refund('-1'), CHECK, 'refunds_amount'],
  ['refunds of more than is left', `${refund('10')}; ${refund('6')}`, CHECK, 'payments_refunded_within_captured'],
  [
    'more refunded than captured, by itself',
    'UPDATE payments SET refunded = 21 WHERE id = {payment}',
    CHECK,
    'payments_refunded_within_captured',
  ],
  ['another amount of a refund', 'UPDATE refunds SET amount = 1', KEPT, 'refunds_asked_kept'],
  ['a refund less', 'DELETE FROM refunds', KEPT, 'refunds_kept'],
  [
    'a refund that comes to life again',
    `UPDATE refunds SET status = 'pending' WHERE id = {refund}`,
    CHECK,
    'refunds_transition',
  ],
  ['less captured', 'UPDATE payments SET captured = 19 WHERE id = {payment}', CHECK, 'payments_transition'],
  [
    'a paid payment that fails',
    `UPDATE payments SET status = 'failed', captured = 0, failed_at = now() WHERE id = {payment}`,
    CHECK,
    'payments_transition',
  ],
  [
    'money without a payment',
    'UPDATE payments SET captured = 20 WHERE id = {openPayment}',
    CHECK,
    'payments_captured_succeeded',
  ],
  [
    'two open payments of an order',
    `INSERT INTO payments (order_id, provider, amount, currency) VALUES ({openOrder}, 'stripe', 20, 'USD')`,
    UNIQUE,
    'payments_open_key',
  ],
  [
    'one intent for two payments',
    `INSERT INTO payments (order_id, provider, intent_id, amount, currency, status, cancelled_at)
     SELECT order_id, provider, intent_id, amount, currency, 'cancelled', now() FROM payments WHERE id = {openPayment}`,
    UNIQUE,
    'payments_intent_key',
  ],
  ['a payment less', 'DELETE FROM payments WHERE id = {openPayment}', KEPT, 'payments_kept'],
  [
    'a payment of no order',
    `INSERT INTO payments (order_id, provider, amount, currency) VALUES (2000000000, 'stripe', 20, 'USD')`,
    MISSING,
    'payments_order_id_fkey',
  ],
  ['another total of an order', 'UPDATE orders SET total = 1 WHERE id = {order}', KEPT, 'orders_sold_kept'],
  ['another customer', `UPDATE orders SET customer_email = 'eve@example.com'`, KEPT, 'orders_sold_kept'],
  ['another line of an order', 'UPDATE order_items SET quantity = 1', KEPT, 'order_items_kept'],
  ['an order less', 'DELETE FROM orders WHERE id = {openOrder}', KEPT, 'orders_kept'],
  ['a paid order to pay again', `UPDATE orders SET status = 'pending' WHERE id = {order}`, CHECK, 'orders_transition'],
  [
    'a refund of what is not paid',
    `UPDATE orders SET status = 'refunded', refunded_at = now() WHERE id = {openOrder}`,
    CHECK,
    'orders_transition',
  ],
  [
    'a paid order without a time',
    `UPDATE orders SET status = 'paid' WHERE id = {openOrder}`,
    CHECK,
    'orders_status_at',
  ],
  ['an order that does not add up', copyOrder({ total: '19' }), CHECK, 'orders_sums'],
  ['a discount beyond the price', copyOrder({ discount: '21', total: '-1' }), CHECK, 'orders_discount'],
  ['two orders of a booking', copyOrder({ booking_id: '{openBooking}' }), UNIQUE, 'orders_booking_id_key'],
  ['an order number that is taken', copyOrder({ order_number: 'order_number' }), UNIQUE, 'orders_order_number_key'],
];

describe('PostgreSQL refuses', () => {
  it.each(refused)('%s', async (_what, statement, code, constraint) => {
    expect(await refusal(statement)).toMatchObject(constraint ? { code, constraint } : { code });
  });

  it('none of these writes in their valid form', async () => {
    expect(await refusal(entries(['provider:stripe', '5'], ['sales', '-4'], ['tax', '-1']))).toBeUndefined();
    expect(await refusal(refund('15'))).toBeUndefined();
    expect(await refusal(copyOrder())).toBeUndefined();
  });
});
