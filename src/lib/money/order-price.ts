import Big from 'big.js';
import { getDecimals } from './money';
import { priceTaxedLines, type DiscountedPrice, type PriceCut, type TaxedLine } from './pricing';
import { getShippingPrice, type ShippingTerms } from './shipping';

/** What is sold, and how; every amount in one currency. */
export interface OrderTerms {
  currency: string;
  lines: TaxedLine[];
  cut?: PriceCut;
  /** The shipping option, if anything is shipped. Its price includes the tax. */
  shipping?: Pick<ShippingTerms, 'price' | 'freeFrom'> & { taxRate: string };
}

/** The price of an order. The sum of `total` over its lines and its shipping is its own `total`; the same goes for `tax`. */
export interface OrderPrice extends DiscountedPrice {
  shippingTotal: string;
  /** In the order of the terms. */
  lines: DiscountedPrice[];
  shipping: DiscountedPrice | null;
}

const NOTHING_OFF: PriceCut = { type: 'percentage', value: '0' };

/** Prices a cart or an order: `total` is what the customer pays. `subtotal` and `discount` are those of the lines without shipping. */
export function priceOrder({ currency, lines, cut = NOTHING_OFF, shipping }: OrderTerms): OrderPrice {
  const decimals = getDecimals(currency);
  const sum = (...amounts: string[]) =>
    amounts.reduce((total, amount) => total.plus(amount), new Big(0)).toFixed(decimals);
  const { lines: pricedLines, ...goods } = priceTaxedLines(lines, { decimals, cut });
  if (!shipping) return { ...goods, shippingTotal: sum(), lines: pricedLines, shipping: null };
  const net = new Big(goods.subtotal).minus(goods.discount).toFixed(decimals);
  const line: TaxedLine = {
    quantity: 1,
    unitPrice: getShippingPrice(shipping, { currency, goods: net }),
    taxRate: shipping.taxRate,
    isTaxInclusive: true,
    isDiscounted: false,
  };
  const [shipped] = priceTaxedLines([line], { decimals, cut: NOTHING_OFF }).lines as [DiscountedPrice];
  return {
    ...goods,
    tax: sum(goods.tax, shipped.tax),
    total: sum(goods.total, shipped.total),
    shippingTotal: shipped.total,
    lines: pricedLines,
    shipping: shipped,
  };
}
