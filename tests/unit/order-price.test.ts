import Big from 'big.js';
import fc from 'fast-check';
import { getDecimals } from '../../src/lib/money/money';
import { priceOrder, type OrderTerms } from '../../src/lib/money/order-price';
import type { TaxedLine } from '../../src/lib/money/pricing';
import { canShip, findCheapestShipping, getShippingPrice, type ShippingTerms } from '../../src/lib/money/shipping';
import { chooseTaxRate, findTaxRate, type TaxRate } from '../../src/lib/money/taxes';

const line = (quantity: number, unitPrice: string, more: Partial<TaxedLine> = {}): TaxedLine => ({
  quantity,
  unitPrice,
  taxRate: '0',
  isTaxInclusive: true,
  isDiscounted: true,
  ...more,
});

describe('chooseTaxRate', () => {
  const rates: TaxRate[] = [
    { country: 'AT', region: null, rate: '20' },
    { country: 'US', region: 'NY', rate: '8.875' },
    { country: 'US', region: 'Oregon', rate: '0' },
  ];
  const choose = (place: { country: string; region: string | null } | undefined, own: string | null) =>
    chooseTaxRate({ place, rates, own, fallback: '7' });

  it.each([
    ['the rate of the country', { country: 'AT', region: null }, '5', '20'],
    ['the rate of the country in a region without one', { country: 'AT', region: 'Tyrol' }, '5', '20'],
    ['the rate of the region, in any case', { country: 'US', region: ' ny ' }, '5', '8.875'],
    ['a rate of zero', { country: 'US', region: 'Oregon' }, '5', '0'],
    ['its own in a region without a rate', { country: 'US', region: 'TX' }, '5', '5'],
    ['its own elsewhere', { country: 'DE', region: 'NY' }, '5', '5'],
    ['its own, even zero, before the fallback', { country: 'DE', region: null }, '0', '0'],
    ['the fallback', { country: 'DE', region: null }, null, '7'],
    ['its own without a place', undefined, '5', '5'],
    ['the fallback without a place', undefined, null, '7'],
  ])('returns %s', (_what, place, own, expected) => {
    expect(choose(place, own)).toBe(expected);
  });

  it('does not take the region of another country', () => {
    expect(findTaxRate({ country: 'CA', region: 'NY' }, rates)).toBeUndefined();
  });
});

describe('shipping', () => {
  const option = (fields: Partial<ShippingTerms> = {}): ShippingTerms => ({
    countries: ['AT', 'DE'],
    price: '4.9',
    currency: null,
    freeFrom: null,
    maxWeightGrams: null,
    ...fields,
  });
  const parcel = { country: 'AT', currency: 'EUR', weightGrams: 500 };

  it.each([
    ['a country of its own', {}, {}, true],
    ['no other country', {}, { country: 'CH' }, false],
    ['its limit of weight', { maxWeightGrams: 500 }, {}, true],
    ['no gram more', { maxWeightGrams: 499 }, {}, false],
    ['its currency', { currency: 'EUR' }, {}, true],
    ['no other currency', { currency: 'USD' }, {}, false],
  ])('takes %s', (_what, terms, wanted, expected) => {
    expect(canShip(option(terms), { ...parcel, ...wanted })).toBe(expected);
  });

  it.each([
    ['its price', {}, 'EUR', '99', '4.90'],
    ['its price below the limit', { freeFrom: '50' }, 'EUR', '49.99', '4.90'],
    ['nothing from the limit on', { freeFrom: '50' }, 'EUR', '50.00', '0.00'],
    ['nothing, without decimals', { freeFrom: '0' }, 'JPY', '0', '0'],
    ['three decimals', { price: '1.005' }, 'KWD', '1', '1.005'],
    ['half up in a currency without decimals', { price: '4.5' }, 'JPY', '1', '5'],
  ])('costs %s', (_what, terms, currency, goods, expected) => {
    expect(getShippingPrice(option(terms), { currency, goods })).toBe(expected);
  });

  it('finds the cheapest for this order, and none that cannot take it', () => {
    const [post, courier, free] = [option(), option({ price: '9' }), option({ price: '12', freeFrom: '50' })];
    const find = (goods: string, more: Partial<typeof parcel> = {}) =>
      findCheapestShipping([courier, post, free], { ...parcel, ...more, goods });
    expect(find('10')).toBe(post);
    expect(find('50')).toBe(free);
    expect(find('50', { country: 'FR' })).toBeUndefined();
  });
});

describe('priceOrder', () => {
  it('adds tax to some lines, finds it in others, and in the shipping', () => {
    const lines = [
      line(2, '10', { taxRate: '20' }),
      line(1, '5', { taxRate: '10', isTaxInclusive: false }),
      line(1, '3', { taxRate: '10', isTaxInclusive: false, isDiscounted: false }),
    ];
    const cut = { type: 'percentage', value: '50' } as const;
    const shipping = { price: '6', freeFrom: null, taxRate: '20' };
    expect(priceOrder({ currency: 'EUR', lines, cut, shipping })).toEqual({
      subtotal: '28.00',
      discount: '12.50',
      // 10.00 has 1.67, 2.50 gets 0.25, 3.00 gets 0.30, and 6.00 has 1.00.
      tax: '3.22',
      shippingTotal: '6.00',
      total: '22.05',
      lines: [
        { subtotal: '20.00', discount: '10.00', tax: '1.67', total: '10.00' },
        { subtotal: '5.00', discount: '2.50', tax: '0.25', total: '2.75' },
        { subtotal: '3.00', discount: '0.00', tax: '0.30', total: '3.30' },
      ],
      shipping: { subtotal: '6.00', discount: '0.00', tax: '1.00', total: '6.00' },
    });
  });

  it('takes a fixed amount off the discounted lines only, and no more than they cost', () => {
    const lines = [line(1, '3'), line(1, '100', { isDiscounted: false })];
    const price = priceOrder({ currency: 'EUR', lines, cut: { type: 'fixed', value: '5' } });
    expect(price).toMatchObject({ discount: '3.00', total: '100.00', shipping: null, shippingTotal: '0.00' });
  });

  it('ships for nothing by what is left after the discount', () => {
    const shipping = { price: '5', freeFrom: '50', taxRate: '0' };
    const price = (value: string) =>
      priceOrder({ currency: 'EUR', lines: [line(1, '60')], cut: { type: 'fixed', value }, shipping });
    expect(price('10')).toMatchObject({ shippingTotal: '0.00', total: '50.00' });
    expect(price('10.01')).toMatchObject({ shippingTotal: '5.00', total: '54.99' });
  });

  it('prices nothing', () => {
    const nothing = {
      subtotal: '0',
      discount: '0',
      shippingTotal: '0',
      tax: '0',
      total: '0',
      lines: [],
      shipping: null,
    };
    expect(priceOrder({ currency: 'JPY', lines: [] })).toEqual(nothing);
  });

  it('has lines that add up to the total in currencies with 0, 2 and 3 decimals', () => {
    const scenario = fc.constantFrom('JPY', 'EUR', 'KWD').chain((currency) => {
      const decimals = getDecimals(currency);
      const money = fc
        .integer({ min: 0, max: 1_000_000 })
        .map((units) => new Big(units).div(new Big(10).pow(decimals)).toFixed(decimals));
      const rate = fc.integer({ min: 0, max: 100_000 }).map((perMille) => (perMille / 1000).toFixed(3));
      return fc.record(
        {
          currency: fc.constant(currency),
          lines: fc.array(
            fc.record({
              quantity: fc.integer({ min: 1, max: 100 }),
              unitPrice: money,
              taxRate: rate,
              isTaxInclusive: fc.boolean(),
              isDiscounted: fc.boolean(),
            }),
            { maxLength: 100 },
          ),
          cut: fc.oneof(
            fc.record({ type: fc.constant('fixed' as const), value: money }),
            fc.record({ type: fc.constant('percentage' as const), value: rate }),
          ),
          shipping: fc.record({ price: money, freeFrom: fc.option(money), taxRate: rate }),
        },
        { requiredKeys: ['currency', 'lines'] },
      );
    });
    fc.assert(
      fc.property(scenario, (terms: OrderTerms) => {
        const price = priceOrder(terms);
        const decimals = getDecimals(terms.currency);
        const all = [...price.lines, ...(price.shipping ? [price.shipping] : [])];
        const sum = (rows: typeof all, field: 'subtotal' | 'discount' | 'tax' | 'total') =>
          rows.reduce((total, row) => total.plus(row[field]), new Big(0)).toFixed(decimals);
        expect(price).toMatchObject({
          subtotal: sum(price.lines, 'subtotal'),
          discount: sum(price.lines, 'discount'),
          tax: sum(all, 'tax'),
          total: sum(all, 'total'),
          shippingTotal: price.shipping?.total ?? new Big(0).toFixed(decimals),
        });
        price.lines.forEach((row, index) => {
          const { unitPrice, quantity, taxRate, isTaxInclusive, isDiscounted } = terms.lines[index]!;
          const left = new Big(row.subtotal).minus(row.discount);
          expect(new Big(row.subtotal).eq(new Big(unitPrice).times(quantity))).toBe(true);
          expect(isDiscounted || new Big(row.discount).eq(0)).toBe(true);
          expect(left.gte(0)).toBe(true);
          const rated = left.times(taxRate);
          const exact = isTaxInclusive ? rated.div(new Big(taxRate).plus(100)) : rated.div(100);
          expect(row.tax).toBe(exact.round(decimals, Big.roundHalfUp).toFixed(decimals));
          expect(row.total).toBe((isTaxInclusive ? left : left.plus(row.tax)).toFixed(decimals));
        });
      }),
      { seed: 20261128, numRuns: 300 },
    );
  });
});
