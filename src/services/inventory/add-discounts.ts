import type { Trx } from '../../database';
import { lockDiscounts } from '../../models/inventory/lock-discounts';
import type { InventoryState } from '../../models/inventory/types';
import type { Command } from './rules/commands';

/** Step: locks and reads the discounts that a batch may use or release. Sends no query if there are none. */
export async function addDiscounts(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const codes = new Map<string, { organizerId: number; code: string }>();
  const userIds = new Set<number>();
  const ids = new Set<number>();
  for (const command of commands) {
    // Any command on a booking may end it and release its discount.
    const booking = 'bookingId' in command ? state.bookings.get(command.bookingId) : undefined;
    if (booking && booking.discountId !== null) {
      ids.add(booking.discountId);
      userIds.add(booking.userId);
    }
    if (command.kind !== 'book' || command.discountCode === undefined) continue;
    const event = state.events.get(command.eventId);
    if (!event) continue;
    const code = command.discountCode.toLowerCase();
    codes.set(`${event.organizerId}:${code}`, { organizerId: event.organizerId, code });
    userIds.add(command.actor.userId);
  }
  if (codes.size === 0 && ids.size === 0) return;
  const request = { codes: [...codes.values()], ids: [...ids], userIds: [...userIds] };
  for (const discount of await lockDiscounts(trx, request)) state.discounts.set(discount.id, discount);
}
