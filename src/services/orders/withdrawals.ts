import { database, type Db, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import type { OrderRow } from '../../models/orders/orders';
import {
  findWithdrawalId,
  insertWithdrawal,
  listWithdrawals,
  type NewWithdrawal,
  type WithdrawalRow,
} from '../../models/orders/withdrawals';
import { toIsoTime, toIsoTimeOrNull } from '../bookings/present-booking';
import { getOrderRow } from './get-orders';
import { getWithdrawableItems } from './withdrawable-items';

/** Asserts that an order was paid, and that its payment is not disputed. @throws AppError ORDER_NOT_PAID */
export function assertPaid({ status }: Pick<OrderRow, 'status'>): void {
  if (status === 'disputed') throw new AppError('ORDER_NOT_PAID', 'The payment of this order is disputed.');
  if (!['paid', 'partially_refunded', 'refunded'].includes(status)) throw new AppError('ORDER_NOT_PAID');
}

function present({ id, receivedAt, items, refundAmount }: WithdrawalRow, { id: orderId, currency }: OrderRow) {
  const money = (amount: string): string => formatMoney(amount, currency);
  return {
    id,
    orderId,
    receivedAt: toIsoTime(receivedAt),
    items: items.map(({ itemId, quantity, amount }) => ({ itemId, quantity, amount: money(amount) })),
    refundAmount: money(refundAmount),
    currency,
  };
}

/** Returns what the customer can withdraw of an order, and what was withdrawn; for the customer and for sellers. @throws AppError NOT_FOUND, ORDER_NOT_PAID */
export async function getWithdrawal(actor: Actor, orderId: number) {
  const order = await getOrderRow(actor, orderId);
  assertPaid(order);
  const [items, withdrawals] = await Promise.all([
    getWithdrawableItems(database, order),
    listWithdrawals(database, orderId),
  ]);
  return {
    orderId,
    currency: order.currency,
    items: items.map(({ item, withdrawable, until, reason }) => ({
      itemId: item.id,
      name: item.name,
      quantity: item.quantity,
      withdrawableQuantity: withdrawable,
      until: toIsoTimeOrNull(until),
      reason,
    })),
    withdrawals: withdrawals.map((row) => present(row, order)),
  };
}

/** Read: returns a withdrawal of an order as the API shows it. */
export async function getPresentedWithdrawal(db: Db, order: OrderRow, id: number) {
  const rows = await listWithdrawals(db, order.id);
  return present(
    rows.find((row) => row.id === id)!,
    order,
  );
}

/** Read: returns the id of the withdrawal of a locked order that the same request has made. */
export async function findSameWithdrawal(trx: Trx, orderId: number, request: string): Promise<number | undefined> {
  return findWithdrawalId(trx, orderId, request);
}

/** Step: records a withdrawal of a locked order. Returns its id. */
export async function recordWithdrawal(trx: Trx, withdrawal: NewWithdrawal): Promise<number> {
  return insertWithdrawal(trx, withdrawal);
}
