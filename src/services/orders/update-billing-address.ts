import { runInTransaction } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { BillingAddress } from '../../lib/address';
import { updateBillingAddress } from '../../models/orders/orders';
import { getOrder, getOwnOrder, type Order } from './get-orders';
import { lockOrder } from './order-status';

export interface SetBillingAddress extends BillingAddress {
  orderId: number;
}

/** Sets the billing address of an unpaid order. @throws AppError NOT_FOUND, also for the organizer; INVOICE_ISSUED */
export async function setBillingAddress(actor: Actor, { orderId, ...address }: SetBillingAddress): Promise<Order> {
  await getOwnOrder(actor, orderId);
  await runInTransaction(async (trx) => {
    const { paidAt } = await lockOrder(trx, orderId);
    if (paidAt !== null) throw new AppError('INVOICE_ISSUED');
    await updateBillingAddress(trx, orderId, address);
  });
  return getOrder(actor, orderId);
}
