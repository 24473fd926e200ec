import { config } from '../../config';
import { database } from '../../database';
import { listDueOrderIds, shortenFutureOrders } from '../../models/orders/due-orders';
import { executeDue } from '../inventory/execute-due';
import { toExpireOrderCommands } from '../inventory/order-commands';

/** Expires overdue unpaid orders of checkouts, which gives everything in them back. Returns how many. */
export async function expireOrders(): Promise<number> {
  await shortenFutureOrders(database, config.holdMinutes);
  return executeDue(async (limit) => toExpireOrderCommands(await listDueOrderIds(database, limit)));
}
