import Big from 'big.js';
import fc from 'fast-check';
import { priceDiscountedLines, priceLines } from '../../src/lib/money/pricing';

const lines = (...pairs: [number, string][]) => pairs.map(([quantity, unitPrice]) => ({ quantity, unitPrice }));
const exclusive = (taxRate: string, decimals = 2) => ({ taxRate, isTaxInclusive: false, decimals });
const inclusive = (taxRate: string, decimals = 2) => ({ taxRate, isTaxInclusive: true, decimals });

describe('priceLines', () => {
  it.each([
    ['nothing', [], exclusive('20'), { subtotal: '0.00', tax: '0.00', total: '0.00' }],
    ['no tax', lines([3, '19.99']), exclusive('0'), { subtotal: '59.97', tax: '0.00', total: '59.97' }],
    ['tax on top', lines([2, '10']), exclusive('19'), { subtotal: '20.00', tax: '3.80', total: '23.80' }],
    ['tax included', lines([1, '11.90']), inclusive('19'), { subtotal: '11.90', tax: '1.90', total: '11.90' }],
    ['rounds half a cent up', lines([1, '0.10']), exclusive('5'), { subtotal: '0.10', tax: '0.01', total: '0.11' }],
    [
      'rounds less than half a cent down',
      lines([1, '0.10']),
      exclusive('4.9'),
      { subtotal: '0.10', tax: '0.00', total: '0.10' },
    ],
    [
      'rounds per line, not per ticket',
      lines([10, '0.10']),
      exclusive('5'),
      { subtotal: '1.00', tax: '0.05', total: '1.05' },
    ],
    [
      'rounds per line, not the sum',
      lines([1, '0.10'], [1, '0.10']),
      exclusive('5'),
      { subtotal: '0.20', tax: '0.02', total: '0.22' },
    ],
    ['no decimals', lines([3, '333']), exclusive('10', 0), { subtotal: '999', tax: '100', total: '1099' }],
    ['three decimals', lines([1, '1.005']), exclusive('10', 3), { subtotal: '1.005', tax: '0.101', total: '1.106' }],
    [
      'a rate with three decimals',
      lines([1, '1000']),
      exclusive('8.875'),
      { subtotal: '1000.00', tax: '88.75', total: '1088.75' },
    ],
    [
      'the largest amount of the columns',
      lines([1, '99999999999.999']),
      exclusive('0', 3),
      { subtotal: '99999999999.999', tax: '0.000', total: '99999999999.999' },
    ],
    [
      'more digits than a double can represent',
      lines([3, '33333333333333.33']),
      exclusive('0'),
      { subtotal: '99999999999999.99', tax: '0.00', total: '99999999999999.99' },
    ],
  ])('%s', (_what, priced, rule, expected) => {
    expect(priceLines(priced, rule)).toEqual(expected);
  });

  it('adds up in whole cents for any prices', () => {
    const cents = fc.integer({ min: 0, max: 10_000_000 });
    const line = fc.record({ quantity: fc.integer({ min: 1, max: 10 }), cents });
    const perMille = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), perMille, (wanted, rate) => {
        const priced = wanted.map(({ quantity, cents: price }) => ({
          quantity,
          unitPrice: (BigInt(price) * 10n)
            .toString()
            .padStart(4, '0')
            .replace(/(\d{3})$/, '.$1'),
        }));
        const sum = wanted.reduce((total, { quantity, cents: price }) => total + BigInt(quantity) * BigInt(price), 0n);
        // Rounds half up in integers: (amount × rate + 50 000) ÷ 100 000.
        const tax = wanted.reduce(
          (total, { quantity, cents: price }) =>
            total + (BigInt(quantity) * BigInt(price) * BigInt(rate) + 50_000n) / 100_000n,
          0n,
        );
        const { subtotal, total } = priceLines(priced, exclusive((rate / 1000).toFixed(3)));
        expect([subtotal, total].map((amount) => BigInt(amount.replace('.', '')))).toEqual([sum, sum + tax]);
      }),
    );
  });
});

const percent = (value: string) => ({ type: 'percentage' as const, value });
const fixed = (value: string) => ({ type: 'fixed' as const, value });

describe('priceDiscountedLines', () => {
  it.each([
    ['a fifth', lines([2, '10']), inclusive('0'), percent('20'), ['20.00', '4.00', '0.00', '16.00']],
    ['half a cent, rounded up', lines([1, '0.05']), inclusive('0'), percent('50'), ['0.05', '0.03', '0.00', '0.02']],
    [
      'a percentage per line',
      lines([1, '0.05'], [1, '0.05']),
      inclusive('0'),
      percent('50'),
      ['0.10', '0.06', '0.00', '0.04'],
    ],
    [
      'a share before tax is added',
      lines([1, '10']),
      exclusive('19'),
      percent('50'),
      ['10.00', '5.00', '0.95', '5.95'],
    ],
    [
      'a share of prices that include tax',
      lines([1, '23.80']),
      inclusive('19'),
      percent('50'),
      ['23.80', '11.90', '1.90', '11.90'],
    ],
    ['everything', lines([3, '9.99'], [1, '0']), exclusive('19'), percent('100'), ['29.97', '29.97', '0.00', '0.00']],
    ['no more than the price', lines([1, '4']), exclusive('19'), fixed('5'), ['4.00', '4.00', '0.00', '0.00']],
    ['nothing from free tickets', lines([2, '0']), exclusive('19'), fixed('5'), ['0.00', '0.00', '0.00', '0.00']],
    ['a share without decimals', lines([3, '333']), inclusive('0', 0), percent('33.333'), ['999', '333', '0', '666']],
    [
      'an amount with three decimals',
      lines([1, '1.005']),
      exclusive('10', 3),
      fixed('0.005'),
      ['1.005', '0.005', '0.100', '1.100'],
    ],
  ])('takes off %s', (_what, priced, rule, cut, [subtotal, discount, tax, total]) => {
    expect(priceDiscountedLines(priced, rule, cut)).toMatchObject({ subtotal, discount, tax, total });
  });

  it('apportions a fixed amount, and adds the rounding difference to the largest lines', () => {
    const cuts = (...shared: Parameters<typeof priceDiscountedLines>) =>
      priceDiscountedLines(...shared).lines.map(({ discount }) => discount);
    expect(cuts(lines([1, '10'], [2, '10'], [1, '10']), inclusive('0'), fixed('10'))).toEqual(['2.50', '5.00', '2.50']);
    expect(cuts(lines([1, '1'], [1, '1'], [1, '1']), inclusive('0'), fixed('1'))).toEqual(['0.34', '0.33', '0.33']);
    expect(cuts(lines([1, '1'], [1, '2'], [1, '0']), inclusive('0'), fixed('0.02'))).toEqual(['0.00', '0.02', '0.00']);
    expect(cuts(lines([1, '100'], [1, '300'], [1, '301']), inclusive('0', 0), fixed('2'))).toEqual(['0', '1', '1']);
  });

  it('returns lines that add up for any prices, currency, tax and discount', () => {
    const scenario = fc
      .record({
        decimals: fc.constantFrom(0, 2, 3),
        wanted: fc.array(
          fc.record({ quantity: fc.integer({ min: 1, max: 10 }), units: fc.integer({ min: 0, max: 1_000_000 }) }),
          { minLength: 1, maxLength: 8 },
        ),
        perMille: fc.integer({ min: 0, max: 100_000 }),
        isTaxInclusive: fc.boolean(),
        isPercentage: fc.boolean(),
        value: fc.integer({ min: 1, max: 100_000 }),
      })
      .map(({ decimals, wanted, perMille, isTaxInclusive, isPercentage, value }) => {
        const money = (units: number) => new Big(units).div(new Big(10).pow(decimals)).toFixed(decimals);
        return {
          decimals,
          priced: wanted.map(({ quantity, units }) => ({ quantity, unitPrice: money(units) })),
          rule: { taxRate: (perMille / 1000).toFixed(3), isTaxInclusive, decimals },
          cut: isPercentage ? percent((value / 1000).toFixed(3)) : fixed(money(value)),
        };
      });
    fc.assert(
      fc.property(scenario, ({ decimals, priced, rule, cut }) => {
        const { lines: rows, ...all } = priceDiscountedLines(priced, rule, cut);
        const sum = (field: keyof typeof all) => rows.reduce((total, row) => total.plus(row[field]), new Big(0));
        for (const field of ['subtotal', 'discount', 'tax', 'total'] as const)
          expect(sum(field).toFixed(decimals)).toBe(all[field]);
        rows.forEach((row, index) => {
          const { quantity, unitPrice } = priced[index]!;
          const [subtotal, discount, tax, total] = [row.subtotal, row.discount, row.tax, row.total].map(
            (x) => new Big(x),
          );
          const left = subtotal!.minus(discount!);
          expect(subtotal!.eq(new Big(unitPrice).times(quantity))).toBe(true);
          expect(left.gte(0) && discount!.gte(0) && discount!.eq(discount!.round(decimals))).toBe(true);
          // The discounted line must equal a line with that price and no discount.
          const alone = priceLines([{ quantity: 1, unitPrice: left.toFixed() }], rule);
          expect([tax!.toFixed(decimals), total!.toFixed(decimals)]).toEqual([alone.tax, alone.total]);
        });
        if (cut.type === 'fixed')
          expect(new Big(all.discount).eq(new Big(cut.value).gt(all.subtotal) ? all.subtotal : cut.value)).toBe(true);
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });
});
