import type { Trx } from '../../database';
import { lockDiscounts } from '../../models/inventory/lock-discounts';
import type { InventoryState } from '../../models/inventory/types';
import type { Command } from './rules/commands';

/** Returns the organizers whose code a command may use, and the code. */
function findWantedCode(state: InventoryState, command: Command) {
  if (command.kind === 'book' && command.discountCode !== undefined) {
    const event = state.events.get(command.eventId);
    return { code: command.discountCode, organizerIds: event ? [event.organizerId] : [], userId: command.actor.userId };
  }
  if (command.kind !== 'checkout' || !command.cart?.discountCode) return undefined;
  const sellers = [
    ...command.eventIds.map((id) => state.events.get(id)),
    ...command.productIds.map((id) => state.products.get(id)),
  ];
  const organizerIds = sellers.flatMap((seller) => (seller ? [seller.organizerId] : []));
  return { code: command.cart.discountCode, organizerIds, userId: command.actor.userId };
}

/** Returns the booking or order by checkout that a command may end, which releases its discount. */
function findEnding({ bookings, storeOrders }: InventoryState, command: Command) {
  if ('orderId' in command) return storeOrders.get(command.orderId);
  return 'bookingId' in command ? bookings.get(command.bookingId) : undefined;
}

/** Step: locks and reads the discounts that a batch may use or release. Sends no query if there are none. */
export async function addDiscounts(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const codes = new Map<string, { organizerId: number; code: string }>();
  const userIds = new Set<number>();
  const ids = new Set<number>();
  for (const command of commands) {
    const ending = findEnding(state, command);
    if (ending && ending.discountId !== null) {
      ids.add(ending.discountId);
      userIds.add(ending.userId);
    }
    const wanted = findWantedCode(state, command);
    if (!wanted || wanted.organizerIds.length === 0) continue;
    const code = wanted.code.toLowerCase();
    for (const organizerId of wanted.organizerIds) codes.set(`${organizerId}:${code}`, { organizerId, code });
    userIds.add(wanted.userId);
  }
  if (codes.size === 0 && ids.size === 0) return;
  const request = { codes: [...codes.values()], ids: [...ids], userIds: [...userIds] };
  for (const discount of await lockDiscounts(trx, request)) state.discounts.set(discount.id, discount);
}
