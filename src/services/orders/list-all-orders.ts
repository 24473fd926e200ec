import { database } from '../../database';
import { formatMoney } from '../../lib/money/money';
import { getOffset, toPage } from '../../lib/paging';
import { MAX_COUNTED_ROWS, searchOrders, type OrderListRow, type OrderSearch } from '../../models/orders/search-orders';

export interface ListAllOrders extends OrderSearch {
  page: number;
  limit: number;
  order: 'asc' | 'desc';
}

function present({ createdAt, paidAt, ...row }: OrderListRow) {
  const money = (amount: string): string => formatMoney(amount, row.currency);
  return {
    ...row,
    subtotal: money(row.subtotal),
    discount: money(row.discount),
    tax: money(row.tax),
    total: money(row.total),
    createdAt: createdAt.toISOString(),
    paidAt: paidAt?.toISOString() ?? null,
  };
}

/** Lists the orders of all users. */
export async function listAllOrders({ page, limit, order, ...search }: ListAllOrders) {
  const { rows, total } = await searchOrders(database, search, { order, limit, offset: getOffset({ page, limit }) });
  return toPage(rows.map(present), { page, limit }, { total, bound: MAX_COUNTED_ROWS });
}
