import Big from 'big.js';

interface PricedLine {
  quantity: number;
  unitPrice: string;
}

interface TaxRule {
  /** Per cent. */
  taxRate: string;
  isTaxInclusive: boolean;
  /** Of the currency. */
  decimals: number;
}

export interface Price {
  subtotal: string;
  tax: string;
  total: string;
}

/** What lines cost: tax is worked out and rounded per line, half up; inclusive tax is part of the price already. */
export function priceLines(lines: PricedLine[], { taxRate, isTaxInclusive, decimals }: TaxRule): Price {
  const rate = new Big(taxRate).div(100);
  let subtotal = new Big(0);
  let tax = new Big(0);
  for (const { quantity, unitPrice } of lines) {
    const amount = new Big(unitPrice).times(quantity);
    const share = isTaxInclusive ? amount.minus(amount.div(rate.plus(1))) : amount.times(rate);
    subtotal = subtotal.plus(amount);
    tax = tax.plus(share.round(decimals, Big.roundHalfUp));
  }
  const total = isTaxInclusive ? subtotal : subtotal.plus(tax);
  return { subtotal: subtotal.toFixed(decimals), tax: tax.toFixed(decimals), total: total.toFixed(decimals) };
}
