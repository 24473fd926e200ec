import Big from 'big.js';

/** Credits that came in together and end together. */
export interface CreditLot {
  id: number;
  /** Given for nothing. */
  isGranted: boolean;
  /** What can still be taken from it. */
  remaining: string;
  /** In milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

export interface LotPart {
  lotId: number;
  amount: string;
}

const getEnd = ({ expiresAt }: CreditLot): number => expiresAt ?? Infinity;

/** Orders lots as they are spent: granted before bought, then what expires first, then the oldest. */
export function compareLots(a: CreditLot, b: CreditLot): number {
  if (a.isGranted !== b.isGranted) return a.isGranted ? -1 : 1;
  // A difference of two infinite ends would be NaN.
  return getEnd(a) === getEnd(b) ? a.id - b.id : getEnd(a) - getEnd(b);
}

export function sumLots(lots: readonly { remaining: string }[]): Big {
  return lots.reduce((sum, { remaining }) => sum.plus(remaining), new Big(0));
}

/** Takes an amount from the lots in their order, as far as they suffice. */
export function takeFromLots(lots: readonly { id: number; remaining: string }[], amount: string | Big): LotPart[] {
  const parts: LotPart[] = [];
  let left = new Big(amount);
  for (const { id, remaining } of lots) {
    if (left.lte(0)) break;
    const part = left.gt(remaining) ? new Big(remaining) : left;
    if (part.gt(0)) parts.push({ lotId: id, amount: part.toFixed() });
    left = left.minus(part);
  }
  return parts;
}
