import Big from 'big.js';
import { takePercent } from './money';

export interface PricedLine {
  quantity: number;
  unitPrice: string;
}

export interface TaxRule {
  /** In percent. */
  taxRate: string;
  isTaxInclusive: boolean;
  /** The number of decimals of the currency. */
  decimals: number;
}

export interface Price {
  subtotal: string;
  tax: string;
  total: string;
}

/** Returns the tax on an amount, rounded half up. Inclusive tax is the part of the amount that is tax. */
function calculateTax(amount: Big, { taxRate, isTaxInclusive, decimals }: TaxRule): Big {
  const rate = takePercent(new Big(1), taxRate);
  const share = isTaxInclusive ? amount.minus(amount.div(rate.plus(1))) : takePercent(amount, taxRate);
  return share.round(decimals, Big.roundHalfUp);
}

/** Prices order items. Tax is calculated and rounded half up per item; inclusive tax is part of the price. */
export function priceLines(lines: PricedLine[], rule: TaxRule): Price {
  let subtotal = new Big(0);
  let tax = new Big(0);
  for (const { quantity, unitPrice } of lines) {
    const amount = new Big(unitPrice).times(quantity);
    subtotal = subtotal.plus(amount);
    tax = tax.plus(calculateTax(amount, rule));
  }
  const { isTaxInclusive, decimals } = rule;
  const total = isTaxInclusive ? subtotal : subtotal.plus(tax);
  return { subtotal: subtotal.toFixed(decimals), tax: tax.toFixed(decimals), total: total.toFixed(decimals) };
}

export interface PriceCut {
  type: 'percentage' | 'fixed';
  /** A percentage, or an amount in the currency of the items. */
  value: string;
}

/** The price of one item or of all: total = subtotal − discount, plus tax if it is not included. */
export interface DiscountedPrice extends Price {
  discount: string;
}

const sumAmounts = (amounts: Big[]): Big => amounts.reduce((sum, amount) => sum.plus(amount), new Big(0));

/** Splits `whole`, at most the sum of the amounts, in proportion to them. Units left over by rounding go to the largest amounts. */
export function apportion(whole: Big, amounts: Big[], decimals: number): Big[] {
  const sum = sumAmounts(amounts);
  if (sum.eq(0)) return amounts;
  const shares = amounts.map((amount) => whole.times(amount).div(sum).round(decimals, Big.roundDown));
  const unit = new Big(10).pow(-decimals);
  let rest = whole.minus(sumAmounts(shares));
  const largestFirst = [...amounts.keys()].sort((a, b) => amounts[b]!.cmp(amounts[a]!) || a - b);
  for (const index of largestFirst) {
    if (rest.lte(0)) break;
    if (shares[index]!.gte(amounts[index]!)) continue;
    shares[index] = shares[index]!.plus(unit);
    rest = rest.minus(unit);
  }
  return shares;
}

/** Returns the discount on each amount. A percentage is rounded half up per item; a fixed amount never exceeds the sum. */
function calculateCuts(amounts: Big[], { type, value }: PriceCut, decimals: number): Big[] {
  if (type === 'percentage')
    return amounts.map((amount) => takePercent(amount, value).round(decimals, Big.roundHalfUp));
  const [whole, sum] = [new Big(value), sumAmounts(amounts)];
  return apportion(whole.gt(sum) ? sum : whole, amounts, decimals);
}

/** An order item with a tax rule of its own. */
export interface TaxedLine extends PricedLine {
  /** In percent. */
  taxRate: string;
  isTaxInclusive: boolean;
  /** False if the discount takes nothing off it. */
  isDiscounted: boolean;
}

interface Discounting {
  /** The number of decimals of the currency. */
  decimals: number;
  cut: PriceCut;
}

/** Prices order items with a discount, which is split among them; tax is calculated on what is left of each item. */
export function priceTaxedLines(
  lines: TaxedLine[],
  { decimals, cut }: Discounting,
): DiscountedPrice & { lines: DiscountedPrice[] } {
  const amounts = lines.map(({ quantity, unitPrice }) => new Big(unitPrice).times(quantity));
  const discounted = amounts.map((amount, index) => (lines[index]!.isDiscounted ? amount : new Big(0)));
  const cuts = calculateCuts(discounted, cut, decimals);
  const rows = lines.map(({ taxRate, isTaxInclusive }, index) => {
    const [subtotal, discount] = [amounts[index]!, cuts[index]!];
    const left = subtotal.minus(discount);
    const tax = calculateTax(left, { taxRate, isTaxInclusive, decimals });
    return { subtotal, discount, tax, total: isTaxInclusive ? left : left.plus(tax) };
  });
  const format = (row: Record<keyof DiscountedPrice, Big>): DiscountedPrice => ({
    subtotal: row.subtotal.toFixed(decimals),
    discount: row.discount.toFixed(decimals),
    tax: row.tax.toFixed(decimals),
    total: row.total.toFixed(decimals),
  });
  const sum = (field: keyof DiscountedPrice): Big => sumAmounts(rows.map((row) => row[field]));
  const all = { subtotal: sum('subtotal'), discount: sum('discount'), tax: sum('tax'), total: sum('total') };
  return { ...format(all), lines: rows.map(format) };
}

/** Prices items that all have the same tax rule, with a discount on all of them. */
export function priceDiscountedLines(
  lines: PricedLine[],
  { taxRate, isTaxInclusive, decimals }: TaxRule,
  cut: PriceCut,
): DiscountedPrice & { lines: DiscountedPrice[] } {
  const taxed = lines.map(({ quantity, unitPrice }) => ({
    quantity,
    unitPrice,
    taxRate,
    isTaxInclusive,
    isDiscounted: true,
  }));
  return priceTaxedLines(taxed, { decimals, cut });
}
