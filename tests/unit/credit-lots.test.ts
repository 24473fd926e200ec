import Big from 'big.js';
import fc from 'fast-check';
import { compareLots, sumLots, takeFromLots, type CreditLot } from '../../src/lib/money/credit-lots';

const lot = (id: number, isGranted: boolean, expiresAt: number | null, remaining = '1'): CreditLot => ({
  id,
  isGranted,
  expiresAt,
  remaining,
});

describe('compareLots', () => {
  it('puts granted before bought, then what expires first, then the oldest', () => {
    const lots = [
      lot(1, false, null),
      lot(2, true, null),
      lot(3, true, 200),
      lot(4, false, 50),
      lot(5, true, 100),
      lot(6, true, 100),
      lot(7, false, null),
    ];
    expect(lots.sort(compareLots).map(({ id }) => id)).toEqual([5, 6, 3, 2, 4, 1, 7]);
  });
});

describe('takeFromLots', () => {
  it('takes what is wanted as far as there is any, from the first lots, and never more than one has', () => {
    const amounts = fc
      .integer({ min: 1, max: 1_000_000 })
      .map((thousandths) => new Big(thousandths).div(1000).toFixed());
    const lots = fc
      .array(amounts, { maxLength: 8 })
      .map((all) => all.map((remaining, i) => lot(i + 1, true, null, remaining)));
    fc.assert(
      fc.property(lots, amounts, (from, wanted) => {
        const parts = takeFromLots(from, wanted);
        const there = sumLots(from);
        const taken = parts.reduce((sum, { amount }) => sum.plus(amount), new Big(0));
        expect(taken.toFixed()).toBe((there.lt(wanted) ? there : new Big(wanted)).toFixed());
        expect(parts.map(({ lotId }) => lotId)).toEqual(from.slice(0, parts.length).map(({ id }) => id));
        // Only the last one is taken in part.
        for (const { lotId, amount } of parts.slice(0, -1)) expect(from[lotId - 1]!.remaining).toBe(amount);
        for (const { lotId, amount } of parts) expect(new Big(amount).lte(from[lotId - 1]!.remaining)).toBe(true);
      }),
    );
  });
});
