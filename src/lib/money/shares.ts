import Big from 'big.js';
import { getDecimals } from './money';
import { apportion } from './pricing';

const sum = (amounts: Big[]): Big => amounts.reduce((all, amount) => all.plus(amount), new Big(0));

/** Divides an amount in proportion to others, however much they add up to. The parts add up to it exactly. */
export function divideAmount(whole: Big, amounts: Big[], currency: string): Big[] {
  const total = sum(amounts);
  if (amounts.length === 0 || whole.eq(0)) return amounts.map(() => new Big(0));
  if (total.eq(0)) return amounts.map((_, index) => (index === 0 ? whole : new Big(0)));
  const decimals = getDecimals(currency);
  if (whole.lte(total)) return apportion(whole, amounts, decimals);
  // More than there is to divide by: what exceeds the amounts goes to the first, as nothing says whose it is.
  const parts = [...amounts];
  parts[0] = parts[0]!.plus(whole.minus(total));
  return parts;
}

/** Takes an amount from these: first what is wanted of each, then the rest in proportion to what is left. */
export function takeFromShares(
  whole: Big,
  rests: Big[],
  { wanted, currency }: { wanted?: Big[]; currency: string },
): Big[] {
  const taken = rests.map((rest, index) => {
    const want = wanted?.[index] ?? new Big(0);
    return want.gt(rest) ? rest : want;
  });
  const open = whole.minus(sum(taken));
  if (open.lte(0)) return sum(taken).eq(whole) ? taken : divideAmount(whole, taken, currency);
  const more = divideAmount(
    open,
    rests.map((rest, index) => rest.minus(taken[index]!)),
    currency,
  );
  return taken.map((amount, index) => amount.plus(more[index]!));
}
