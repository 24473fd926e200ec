import Big from 'big.js';
import fc from 'fast-check';
import { getLineRest, getUnitsRefund, type RefundableLine } from '../../src/lib/money/line-refunds';
import { getDecimals } from '../../src/lib/money/money';
import { divideAmount, takeFromShares } from '../../src/lib/money/shares';

const sum = (amounts: Big[]): string => amounts.reduce((all, amount) => all.plus(amount), new Big(0)).toFixed();
const currencies = fc.constantFrom('JPY', 'EUR', 'KWD');
const toAmount = (units: number, currency: string): Big => new Big(units).div(new Big(10).pow(getDecimals(currency)));
const units = fc.integer({ min: 0, max: 1_000_000 });

describe('divideAmount', () => {
  it('divides an amount to the smallest unit, in currencies with 0, 2 and 3 decimals', () => {
    const scenario = fc.record({
      currency: currencies,
      whole: units,
      parts: fc.array(units, { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(scenario, ({ currency, whole, parts }) => {
        const amounts = parts.map((part) => toAmount(part, currency));
        const divided = divideAmount(toAmount(whole, currency), amounts, currency);
        expect(sum(divided)).toBe(toAmount(whole, currency).toFixed());
        for (const part of divided) expect(part.eq(part.round(getDecimals(currency)))).toBe(true);
      }),
    );
  });
});

describe('takeFromShares', () => {
  it('takes what is wanted of each first, and no more than there is', () => {
    const rests = [new Big('5'), new Big('10')];
    const take = (whole: string, wanted: string[]) =>
      takeFromShares(new Big(whole), rests, { wanted: wanted.map((amount) => new Big(amount)), currency: 'EUR' }).map(
        String,
      );
    expect(take('3', ['0', '3'])).toEqual(['0', '3']);
    expect(take('15', ['0', '3'])).toEqual(['5', '10']);
    expect(take('7', ['7', '0'])).toEqual(['5', '2']);
  });
});

describe('getUnitsRefund', () => {
  it('adds up to exactly the line, whatever the steps', () => {
    const scenario = fc.record({
      currency: currencies,
      total: units,
      steps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(scenario, ({ currency, total, steps }) => {
        const quantity = steps.reduce((all, step) => all + step, 0);
        const line: RefundableLine = {
          quantity,
          total: toAmount(total, currency).toFixed(),
          refundedQuantity: 0,
          refundedAmount: '0',
        };
        for (const step of steps) {
          line.refundedAmount = new Big(line.refundedAmount).plus(getUnitsRefund(line, step, currency)).toFixed();
          line.refundedQuantity += step;
        }
        expect(line.refundedAmount).toBe(line.total);
        expect(getLineRest(line).toFixed()).toBe('0');
      }),
    );
  });
});
