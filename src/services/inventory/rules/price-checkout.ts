import Big from 'big.js';
import { AppError, createValidationError } from '../../../errors';
import { appliesToItem, assertDiscount, createDiscountRefusal, type DiscountedItem } from '../../../lib/discount-rules';
import { priceOrder, type OrderPrice } from '../../../lib/money/order-price';
import type { TaxedLine } from '../../../lib/money/pricing';
import { canShip, findCheapestShipping } from '../../../lib/money/shipping';
import { chooseTaxRate } from '../../../lib/money/taxes';
import type { DiscountState, InventoryState, OrderLineDraft, ProductState } from '../../../models/inventory/types';
import type { PreparedBooking } from './book';
import type { CheckoutCommand, CheckoutLine } from './commands';

/** A line of a cart with what it sells. */
export type BasketLine =
  | { line: CheckoutLine; quantity: number; product: ProductState; prepared?: undefined }
  | { line: CheckoutLine; quantity: number; prepared: PreparedBooking; product?: undefined };

const getSeller = ({ product, prepared }: BasketLine): DiscountedItem =>
  product
    ? { organizerId: product.organizerId, eventId: product.eventId }
    : { organizerId: prepared.event.organizerId, eventId: prepared.event.id };

/** Returns the discount for the cart's code. @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
export function findCheckoutDiscount(
  state: InventoryState,
  { cart, actor }: CheckoutCommand,
  { lines, currency }: { lines: BasketLine[]; currency: string },
): DiscountState | undefined {
  if (!cart?.discountCode) return undefined;
  const code = cart.discountCode.toLowerCase();
  const known = [...state.discounts.values()].filter((discount) => discount.code === code && discount.isActive);
  for (const seller of lines.map(getSeller)) {
    const found = known.find((discount) => appliesToItem(discount, seller));
    if (!found) continue;
    // A code for goods is judged like one for an event.
    const event = { id: seller.eventId ?? 0, organizerId: seller.organizerId, currency };
    return assertDiscount(found, { event, now: state.now, ownUses: found.uses.get(actor.userId) ?? 0 });
  }
  throw createDiscountRefusal('DISCOUNT_INVALID', 'there is no such code for what is in the cart');
}

const listShipped = (lines: Pick<BasketLine, 'product' | 'line' | 'quantity'>[]) =>
  lines.filter(({ product }) => product?.productType === 'physical');

/** Asserts that everything physical can be shipped to the address. @throws AppError VALIDATION_ERROR, NOT_SHIPPABLE */
export function assertShippable(
  { shippingAddress, shippingOptions }: CheckoutCommand,
  { lines, currency }: { lines: Pick<BasketLine, 'product' | 'line' | 'quantity'>[]; currency: string },
): void {
  const shipped = listShipped(lines);
  if (shipped.length === 0) return;
  if (!shippingAddress) throw createValidationError('shippingAddress', 'is required, because some of this is shipped');
  const parcel = { country: shippingAddress.country, currency, weightGrams: getWeight(shipped) };
  if (shippingOptions.some((option) => canShip(option, parcel))) return;
  const isTooHeavy = shippingOptions.some((option) => canShip(option, { ...parcel, weightGrams: 0 }));
  const message = isTooHeavy ? 'the goods are too heavy to be shipped' : `is not shipped to ${parcel.country}`;
  throw new AppError('NOT_SHIPPABLE', undefined, {
    details: shipped.map(({ line }) => ({ path: `items.${line.id}`, message, itemId: line.id })),
  });
}

const getWeight = (lines: Pick<BasketLine, 'product' | 'quantity'>[]): number =>
  lines.reduce((sum, { product, quantity }) => sum + quantity * (product?.weightGrams ?? 0), 0);

/** Returns the option that ships the goods: the one that was chosen, or the cheapest. */
function chooseShipping(
  { shippingAddress, shippingOptions }: CheckoutCommand,
  { lines, currency, goods }: { lines: BasketLine[]; currency: string; goods: string },
): CheckoutCommand['shippingOptions'][number] | undefined {
  const shipped = listShipped(lines);
  if (shipped.length === 0 || !shippingAddress) return undefined;
  const parcel = { country: shippingAddress.country, currency, weightGrams: getWeight(shipped) };
  return findCheapestShipping(shippingOptions, { ...parcel, goods });
}

interface Pricing {
  lines: BasketLine[];
  currency: string;
  discount: DiscountState | undefined;
  /** In percent, of goods without a rate of their own in places without one. */
  storeTaxRate: string;
}

interface Item extends TaxedLine {
  draft: Omit<OrderLineDraft, 'discount' | 'tax' | 'total'>;
}

function toItem(
  basketLine: BasketLine,
  { discount, taxRate }: { discount: DiscountState | undefined; taxRate: string },
): Item {
  const { line, quantity, product, prepared } = basketLine;
  const isDiscounted = discount !== undefined && appliesToItem(discount, getSeller(basketLine));
  if (product) {
    const { id: productId, organizerId: sellerId, sku, name, productType, price: unitPrice, isTaxInclusive } = product;
    const priced = { quantity, unitPrice, taxRate, isTaxInclusive };
    const named = { sellerId, sku, name, productType, productId, ticketTypeId: null, booking: null };
    return { ...priced, isDiscounted, draft: { kind: 'product', ...named, ...priced } };
  }
  const { event, booking } = prepared;
  const {
    ticketTypeId,
    name: typeName,
    unitPrice,
  } = booking.items.find((item) => item.ticketTypeId === line.ticketTypeId)!;
  const name = `${event.title}: ${typeName}`;
  const priced = { quantity, unitPrice, taxRate: event.taxRate, isTaxInclusive: event.isTaxInclusive };
  const named = {
    sellerId: event.organizerId,
    sku: null,
    name,
    productType: null,
    productId: null,
    ticketTypeId,
    booking,
  };
  return { ...priced, isDiscounted, draft: { kind: 'ticket', ...named, ...priced } };
}

export interface PricedCheckout extends Omit<OrderPrice, 'lines' | 'shipping'> {
  lines: OrderLineDraft[];
}

/** Prices the lines of a checkout, and the shipping as the last of them. */
export function priceCheckout(
  command: CheckoutCommand,
  { lines, currency, discount, storeTaxRate }: Pricing,
): PricedCheckout {
  const place = command.shippingAddress ?? command.billingAddress ?? undefined;
  const chooseRate = (own: string | null): string =>
    chooseTaxRate({ place, rates: command.taxRates, own, fallback: storeTaxRate });
  const items = lines.map((line) => toItem(line, { discount, taxRate: chooseRate(line.product?.taxRate ?? null) }));
  const terms = { currency, lines: items, ...(discount ? { cut: discount } : {}) };
  const unshipped = priceOrder(terms);
  const goods = new Big(unshipped.subtotal).minus(unshipped.discount).toFixed();
  const option = chooseShipping(command, { lines, currency, goods });
  if (!option)
    return { ...unshipped, lines: items.map(({ draft }, index) => ({ ...draft, ...unshipped.lines[index]! })) };
  const taxRate = chooseRate(null);
  const price = priceOrder({ ...terms, shipping: { ...option, taxRate } });
  const shipping: OrderLineDraft = {
    kind: 'shipping',
    ticketTypeId: null,
    productId: null,
    booking: null,
    sellerId: null,
    sku: null,
    name: option.name,
    productType: null,
    quantity: 1,
    taxRate,
    isTaxInclusive: true,
    unitPrice: price.shipping!.subtotal,
    ...price.shipping!,
  };
  return { ...price, lines: [...items.map(({ draft }, index) => ({ ...draft, ...price.lines[index]! })), shipping] };
}
