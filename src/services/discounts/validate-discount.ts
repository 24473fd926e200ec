import { database } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { PricedLine } from '../../lib/money/pricing';
import { countDiscountUses, findDiscountByCode } from '../../models/discounts.model';
import type { TicketTypeRow } from '../../models/ticket-types.model';
import { applyDiscount, assertDiscount } from '../../lib/discount-rules';
import { formatValue } from './manage-discounts';
import { getVisibleEvent } from '../events/event-access';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';

export interface ValidateDiscount {
  code: string;
  eventId: number;
  items?: { ticketTypeId: number; quantity: number }[];
}

/** Returns the priced items, summed by type. Without items, one ticket of the event's only type; undefined if it has several. */
function toPricedLines(types: TicketTypeRow[], items: ValidateDiscount['items']): PricedLine[] | undefined {
  if (!items) return types.length === 1 ? [{ quantity: 1, unitPrice: types[0]!.price }] : undefined;
  const pricedLines = new Map<number, PricedLine>();
  items.forEach(({ ticketTypeId, quantity }, index) => {
    const type = types.find(({ id }) => id === ticketTypeId);
    if (!type) throw createValidationError(`items.${index}.ticketTypeId`, 'is not a ticket type of this event');
    const pricedLine = pricedLines.get(ticketTypeId);
    if (pricedLine) pricedLine.quantity += quantity;
    else pricedLines.set(ticketTypeId, { quantity, unitPrice: type.price });
  });
  return [...pricedLines.values()];
}

/** Returns what a code would take off, by the same rules as a booking. @throws AppError NOT_FOUND, DISCOUNT_INVALID, DISCOUNT_EXHAUSTED, VALIDATION_ERROR */
export async function validateDiscount(actor: Actor, { code, eventId, items }: ValidateDiscount) {
  const event = await getVisibleEvent(database, actor, eventId);
  const pricedLines = toPricedLines(await listTypesOfEvent(database, eventId), items);
  const found = await findDiscountByCode(database, event.organizerId, code);
  const terms = found && {
    ...found,
    startsAt: found.startsAt?.getTime() ?? null,
    endsAt: found.endsAt?.getTime() ?? null,
  };
  const ownUses = found ? await countDiscountUses(database, found.id, actor.userId) : 0;
  const discount = assertDiscount(terms, { event, now: Date.now(), ownUses });
  const { currency, taxRate, taxInclusive } = event;
  const price =
    pricedLines &&
    applyDiscount(pricedLines, { currency, taxRate: String(taxRate), isTaxInclusive: taxInclusive }, discount);
  return {
    code: discount.code,
    eventId,
    type: discount.type,
    value: formatValue(discount),
    currency,
    subtotal: price?.subtotal ?? null,
    discountAmount: price?.discount ?? null,
    tax: price?.tax ?? null,
    totalAmount: price?.total ?? null,
  };
}
