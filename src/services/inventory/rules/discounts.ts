import type { BookingState, DiscountState, EventState, InventoryState } from '../../../models/inventory/types';
import { assertDiscount } from '../../../lib/discount-rules';
import type { BookCommand } from './commands';

function adjustUses(discount: DiscountState, userId: number, by: 1 | -1): void {
  discount.usedCount += by;
  discount.uses.set(userId, (discount.uses.get(userId) ?? 0) + by);
}

/** Returns the discount for this command's code; undefined without a code. @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
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

/** A booking or an order that uses a code. */
type DiscountUse = Pick<BookingState, 'discountId' | 'userId'>;

/** Redeems the code of an expired booking or order again. Returns false if others have used it up in the meantime. */
export function reRedeemDiscount(state: InventoryState, { discountId, userId }: DiscountUse): boolean {
  if (discountId === null) return true;
  const discount = state.discounts.get(discountId);
  if (!discount || isUsedUp(discount, userId)) return false;
  redeemDiscount(discount, userId);
  return true;
}

/** Gives back the use of the discount code of a booking or order that ends. */
export function releaseDiscount(state: InventoryState, { discountId, userId }: DiscountUse): void {
  const discount = discountId === null ? undefined : state.discounts.get(discountId);
  if (discount) adjustUses(discount, userId, -1);
}
