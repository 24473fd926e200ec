import Big from 'big.js';
import { appliesToItem, type DiscountScope } from '../discount-rules';
import { formatMoney } from '../money/money';
import { priceOrder, type OrderPrice, type OrderTerms } from '../money/order-price';
import type { DiscountedPrice, PriceCut } from '../money/pricing';
import { findCheapestShipping, type ShippingTerms } from '../money/shipping';
import { chooseTaxRate, type TaxPlace, type TaxRate } from '../money/taxes';
import { findIssue, getCartCurrency, type CartIssue, type CartLine } from './cart-lines';

// The decimals of an empty cart.
const DEFAULT_CURRENCY = 'USD';

export interface CartTerms {
  /** Where the goods go; undefined if it is not known yet. */
  place: TaxPlace | undefined;
  taxRates: readonly TaxRate[];
  /** In percent; for products without a rate of their own, in places without one. */
  storeTaxRate: string;
  discount: (DiscountScope & PriceCut) | undefined;
  /** The options to choose the cheapest of. */
  shippingOptions: readonly ShippingTerms[];
  /** The option that was chosen; the cheapest counts if it does not ship the goods. */
  chosenOption?: ShippingTerms | undefined;
}

export interface PricedLine {
  line: CartLine;
  issue: CartIssue | null;
  /** Formatted. */
  unitPrice: string;
  total: string;
}

export interface PricedCart extends Omit<OrderPrice, 'lines' | 'shipping'> {
  currency: string | null;
  items: PricedLine[];
}

function chooseShipping(
  lines: CartLine[],
  { place, shippingOptions, chosenOption }: CartTerms,
  { currency, goods }: { currency: string; goods: string },
): ShippingTerms | undefined {
  const shipped = lines.filter(({ productType }) => productType === 'physical');
  if (shipped.length === 0 || !place) return undefined;
  const weightGrams = shipped.reduce((sum, { quantity, weightGrams: each }) => sum + quantity * (each ?? 0), 0);
  const parcel = { country: place.country, currency, weightGrams, goods };
  return (
    (chosenOption && findCheapestShipping([chosenOption], parcel)) ?? findCheapestShipping(shippingOptions, parcel)
  );
}

/** Prices the lines of a cart as of now. Those that are unavailable cost nothing; the others count even if they are out of stock. */
export function priceCart(lines: CartLine[], terms: CartTerms): PricedCart {
  const { place, taxRates, storeTaxRate, discount } = terms;
  const currency = getCartCurrency(lines);
  const chooseRate = (own: string | null) => chooseTaxRate({ place, rates: taxRates, own, fallback: storeTaxRate });
  const issues = new Map(lines.map((line) => [line, findIssue(line, lines)]));
  const sold = lines.filter((line) => issues.get(line) !== 'UNAVAILABLE');
  const order: OrderTerms = {
    currency: currency ?? DEFAULT_CURRENCY,
    lines: sold.map((line) => ({
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      // Tickets keep the rate of their event.
      taxRate: line.ticketTypeId === null ? chooseRate(line.taxRate) : line.taxRate!,
      isTaxInclusive: line.isTaxInclusive,
      isDiscounted: discount !== undefined && appliesToItem(discount, line),
    })),
    ...(discount && { cut: discount }),
  };
  const unshipped = priceOrder(order);
  const goods = new Big(unshipped.subtotal).minus(unshipped.discount).toFixed();
  const option = chooseShipping(sold, terms, { currency: order.currency, goods });
  const price = option ? priceOrder({ ...order, shipping: { ...option, taxRate: chooseRate(null) } }) : unshipped;
  const { lines: priced, shipping: _shipping, ...sums } = price;
  const prices = new Map(sold.map((line, index): [CartLine, DiscountedPrice] => [line, priced[index]!]));
  const items = lines.map((line) => ({
    line,
    issue: issues.get(line)!,
    unitPrice: formatMoney(line.unitPrice, line.currency),
    total: prices.get(line)?.total ?? formatMoney('0', line.currency),
  }));
  return { ...sums, currency, items };
}
