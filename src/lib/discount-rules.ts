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

/** The event that is to be booked. */
export interface DiscountedEvent {
  id: number;
  organizerId: number;
  currency: string;
}

interface Use {
  event: DiscountedEvent;
  now: number;
  /** How often the user has it already: pending and confirmed bookings. */
  ownUses: number;
}

const throwRefusal = (code: 'DISCOUNT_INVALID' | 'DISCOUNT_EXHAUSTED', message: string): AppError =>
  new AppError(code, undefined, { details: [{ path: 'discountCode', message }] });

/** @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
export function assertDiscount<T extends DiscountTerms>(discount: T | undefined, { event, now, ownUses }: Use): T {
  // What is not for this event answers like what does not exist: codes are nothing to be guessed.
  if (
    !discount ||
    !discount.isActive ||
    discount.organizerId !== event.organizerId ||
    (discount.eventId !== null && discount.eventId !== event.id)
  )
    throw throwRefusal('DISCOUNT_INVALID', 'there is no such code for this event');
  if (discount.startsAt !== null && now < discount.startsAt)
    throw throwRefusal('DISCOUNT_INVALID', 'this code can not be used yet');
  if (discount.endsAt !== null && now >= discount.endsAt)
    throw throwRefusal('DISCOUNT_INVALID', 'this code can not be used any more');
  if (discount.currency !== null && discount.currency !== event.currency)
    throw throwRefusal(
      'DISCOUNT_INVALID',
      `this code takes off ${discount.currency}, and the event sells in ${event.currency}`,
    );
  if (discount.maxUses !== null && discount.usedCount >= discount.maxUses)
    throw throwRefusal('DISCOUNT_EXHAUSTED', 'this code is used up');
  if (discount.maxUsesPerUser !== null && ownUses >= discount.maxUsesPerUser)
    throw throwRefusal('DISCOUNT_EXHAUSTED', 'you have used this code as often as one may');
  return discount;
}

/** What a discount makes of these lines; half up, in the decimals of the event's currency. */
export function applyDiscount(
  lines: PricedLine[],
  { currency, taxRate, isTaxInclusive }: { currency: string; taxRate: string; isTaxInclusive: boolean },
  { type, value }: Pick<DiscountTerms, 'type' | 'value'>,
) {
  const rule = { taxRate, isTaxInclusive, decimals: getDecimals(currency) };
  return priceDiscountedLines(lines, rule, { type, value });
}
