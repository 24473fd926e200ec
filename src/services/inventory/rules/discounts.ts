import type { Trx } from '../../../database';
import { lockDiscounts } from '../../../models/inventory/lock-discounts';
import type { BookingState, DiscountState, EventState, InventoryState } from '../../../models/inventory/types';
import { assertDiscount } from '../../../lib/discount-rules';
import type { BookCommand, Command } from './commands';

/** Step: locks and reads the discounts that a batch may use or give back; asks nothing where it has none. */
export async function addDiscounts(trx: Trx, state: InventoryState, commands: Command[]): Promise<void> {
  const codes = new Map<string, { organizerId: number; code: string }>();
  const userIds = new Set<number>();
  const ids = new Set<number>();
  for (const command of commands) {
    // Whatever is about a booking may end it.
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

function adjustUses(discount: DiscountState, userId: number, by: 1 | -1): void {
  discount.usedCount += by;
  discount.uses.set(userId, (discount.uses.get(userId) ?? 0) + by);
}

/** The discount of this command's code. @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
export function getDiscount(
  state: InventoryState,
  { discountCode, actor }: BookCommand,
  event: EventState,
): DiscountState | undefined {
  if (discountCode === undefined) return undefined;
  const code = discountCode.toLowerCase();
  const found = [...state.discounts.values()].find(
    (each) => each.organizerId === event.organizerId && each.code === code && each.isActive,
  );
  return assertDiscount(found, { event, now: state.now, ownUses: found?.uses.get(actor.userId) ?? 0 });
}

export function redeemDiscount(discount: DiscountState, userId: number): void {
  adjustUses(discount, userId, 1);
}

function isUsedUp({ usedCount, maxUses, maxUsesPerUser, uses }: DiscountState, userId: number): boolean {
  return usedCount >= (maxUses ?? Infinity) || (uses.get(userId) ?? 0) >= (maxUsesPerUser ?? Infinity);
}

/** Uses the code of an expired booking again; false where others have used it up meanwhile. */
export function reRedeemDiscount(state: InventoryState, { discountId, userId }: BookingState): boolean {
  if (discountId === null) return true;
  const discount = state.discounts.get(discountId);
  if (!discount || isUsedUp(discount, userId)) return false;
  redeemDiscount(discount, userId);
  return true;
}

/** A booking that ends gives the use of its code back. */
export function releaseDiscount(state: InventoryState, { discountId, userId }: BookingState): void {
  const discount = discountId === null ? undefined : state.discounts.get(discountId);
  if (discount) adjustUses(discount, userId, -1);
}
