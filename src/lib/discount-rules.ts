import { AppError } from '../errors';
import { getDecimals } from './money/money';
import { priceDiscountedLines, type PricedLine } from './money/pricing';

/** A discount as its rules see it; times are milliseconds since the epoch. */
export interface DiscountTerms {
  organizerId: number;
  eventId: number | null;
  type: 'percentage' | 'fixed';
  value: string;
  currency: string | null;
  maxUses: number | null;
  maxUsesPerUser: number | null;
  usedCount: number;
  startsAt: number | null;
  endsAt: number | null;
  isActive: boolean;
}

/** The event being booked. */
export interface DiscountedEvent {
  id: number;
  organizerId: number;
  currency: string;
}

interface Use {
  event: DiscountedEvent;
  now: number;
  /** The number of pending and confirmed bookings of the user with this code. */
  ownUses: number;
}

export const createDiscountRefusal = (code: 'DISCOUNT_INVALID' | 'DISCOUNT_EXHAUSTED', message: string): AppError =>
  new AppError(code, undefined, { details: [{ path: 'discountCode', message }] });

/** Returns the discount if it can be used. @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
export function assertDiscount<T extends DiscountTerms>(discount: T | undefined, { event, now, ownUses }: Use): T {
  // A code for another event gets the same error as an unknown one, so that codes cannot be guessed.
  if (
    !discount ||
    !discount.isActive ||
    discount.organizerId !== event.organizerId ||
    (discount.eventId !== null && discount.eventId !== event.id)
  )
    throw createDiscountRefusal('DISCOUNT_INVALID', 'there is no such code for this event');
  if (discount.startsAt !== null && now < discount.startsAt)
    throw createDiscountRefusal('DISCOUNT_INVALID', 'this code cannot be used yet');
  if (discount.endsAt !== null && now >= discount.endsAt)
    throw createDiscountRefusal('DISCOUNT_INVALID', 'this code can no longer be used');
  if (discount.currency !== null && discount.currency !== event.currency)
    throw createDiscountRefusal(
      'DISCOUNT_INVALID',
      `this code is in ${discount.currency}, but the event sells in ${event.currency}`,
    );
  if (discount.maxUses !== null && discount.usedCount >= discount.maxUses)
    throw createDiscountRefusal('DISCOUNT_EXHAUSTED', 'this code is used up');
  if (discount.maxUsesPerUser !== null && ownUses >= discount.maxUsesPerUser)
    throw createDiscountRefusal('DISCOUNT_EXHAUSTED', 'you have used this code as often as allowed');
  return discount;
}

/** Prices order items with a discount, rounded half up to the decimals of the event's currency. */
export function applyDiscount(
  lines: PricedLine[],
  { currency, taxRate, isTaxInclusive }: { currency: string; taxRate: string; isTaxInclusive: boolean },
  { type, value }: Pick<DiscountTerms, 'type' | 'value'>,
) {
  const rule = { taxRate, isTaxInclusive, decimals: getDecimals(currency) };
  return priceDiscountedLines(lines, rule, { type, value });
}

/** Whose sales a discount takes something off. */
export type DiscountScope = Pick<DiscountTerms, 'organizerId' | 'eventId'>;

/** Something that is sold: tickets of an event, or a product, which may belong to one. */
export interface DiscountedItem {
  organizerId: number;
  eventId: number | null;
}

/** True if the discount takes something off this item. */
export function appliesToItem(discount: DiscountScope, { organizerId, eventId }: DiscountedItem): boolean {
  return discount.organizerId === organizerId && (discount.eventId === null || discount.eventId === eventId);
}
