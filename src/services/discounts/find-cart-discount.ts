import type { Db } from '../../database';
import { AppError } from '../../errors';
import { appliesToItem, assertDiscount, type DiscountedItem } from '../../lib/discount-rules';
import { countDiscountUses, listDiscountsByCode, type DiscountRow } from '../../models/discounts.model';

export interface CartDiscountRequest {
  code: string;
  items: DiscountedItem[];
  currency: string;
  /** Undefined if signed out. */
  userId: number | undefined;
}

/**
 * Read: returns the discount that a code takes off the items: of several organizers' codes, that of the first item that has one.
 * @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED
 */
export async function getCartDiscount(
  db: Db,
  { code, items, currency, userId }: CartDiscountRequest,
): Promise<DiscountRow> {
  const organizerIds = [...new Set(items.map(({ organizerId }) => organizerId))];
  const discounts = (await listDiscountsByCode(db, organizerIds, code)).filter(({ isActive }) => isActive);
  const item = items.find((each) => discounts.some((discount) => appliesToItem(discount, each)));
  const discount = item && discounts.find((each) => appliesToItem(each, item));
  if (!discount)
    throw new AppError('DISCOUNT_INVALID', undefined, {
      details: [{ path: 'discountCode', message: 'there is no such code for what is in the cart' }],
    });
  const { organizerId, eventId, startsAt, endsAt } = discount;
  const ownUses = userId === undefined ? 0 : await countDiscountUses(db, discount.id, userId);
  // A code for goods is judged like one for the event that it is limited to.
  const event = { id: eventId ?? 0, organizerId, currency };
  const terms = { ...discount, startsAt: startsAt?.getTime() ?? null, endsAt: endsAt?.getTime() ?? null };
  assertDiscount(terms, { event, now: Date.now(), ownUses });
  return discount;
}
