import fc from 'fast-check';
import { priceLines } from '../../src/lib/pricing';

const lines = (...pairs: [number, string][]) => pairs.map(([quantity, unitPrice]) => ({ quantity, unitPrice }));
const exclusive = (taxRate: string, decimals = 2) => ({ taxRate, isTaxInclusive: false, decimals });
const inclusive = (taxRate: string, decimals = 2) => ({ taxRate, isTaxInclusive: true, decimals });

describe('priceLines', () => {
  it.each([
    ['nothing', [], exclusive('20'), { subtotal: '0.00', tax: '0.00', total: '0.00' }],
    ['no tax', lines([3, '19.99']), exclusive('0'), { subtotal: '59.97', tax: '0.00', total: '59.97' }],
    ['tax on top', lines([2, '10']), exclusive('19'), { subtotal: '20.00', tax: '3.80', total: '23.80' }],
    ['tax within', lines([1, '11.90']), inclusive('19'), { subtotal: '11.90', tax: '1.90', total: '11.90' }],
    ['half a cent up', lines([1, '0.10']), exclusive('5'), { subtotal: '0.10', tax: '0.01', total: '0.11' }],
    ['less than half down', lines([1, '0.10']), exclusive('4.9'), { subtotal: '0.10', tax: '0.00', total: '0.10' }],
    ['per line, not per ticket', lines([10, '0.10']), exclusive('5'), { subtotal: '1.00', tax: '0.05', total: '1.05' }],
    [
      'per line, not of the sum',
      lines([1, '0.10'], [1, '0.10']),
      exclusive('5'),
      { subtotal: '0.20', tax: '0.02', total: '0.22' },
    ],
    ['no decimals', lines([3, '333']), exclusive('10', 0), { subtotal: '999', tax: '100', total: '1099' }],
    ['three decimals', lines([1, '1.005']), exclusive('10', 3), { subtotal: '1.005', tax: '0.101', total: '1.106' }],
    [
      'three decimals of a rate',
      lines([1, '1000']),
      exclusive('8.875'),
      { subtotal: '1000.00', tax: '88.75', total: '1088.75' },
    ],
    [
      'as much as the columns hold',
      lines([1, '99999999999.999']),
      exclusive('0', 3),
      { subtotal: '99999999999.999', tax: '0.000', total: '99999999999.999' },
    ],
    [
      'more than a double counts exactly',
      lines([3, '33333333333333.33']),
      exclusive('0'),
      { subtotal: '99999999999999.99', tax: '0.00', total: '99999999999999.99' },
    ],
  ])('%s', (_what, priced, rule, expected) => {
    expect(priceLines(priced, rule)).toEqual(expected);
  });

  it('adds up in whole cents, whatever the prices', () => {
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
        // Half up in integers: (amount × rate + 50 000) ÷ 100 000.
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
