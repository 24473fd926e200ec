import { currencies, getDecimals, fitsCurrency, formatMoney } from '../../src/lib/money/money';

describe('money', () => {
  it.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
    ['HUF', 2],
    ['IDR', 2],
    ['PKR', 2],
    ['IQD', 3],
  ])('returns the decimals of %s: %d', (currency, decimals) => {
    expect(getDecimals(currency)).toBe(decimals);
    expect(currencies.has(currency)).toBe(true);
  });

  it.each(['XYZ', 'usd', 'DOLLAR', 'CLF', ''])('refuses the currency %j', (currency) => {
    expect(currencies.has(currency)).toBe(false);
  });

  it.each([
    ['25', 'USD', '25.00'],
    ['25.000', 'USD', '25.00'],
    ['0', 'USD', '0.00'],
    ['1500.000', 'JPY', '1500'],
    ['1.125', 'KWD', '1.125'],
    ['1.005', 'USD', '1.01'],
    ['0.5', 'JPY', '1'],
    ['99999999999.999', 'BHD', '99999999999.999'],
  ])('writes %s in %s as %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text);
  });

  it.each([
    ['25.00', 'USD', true],
    ['25.000', 'USD', true],
    ['25.001', 'USD', false],
    ['0.5', 'JPY', false],
    ['1.125', 'KWD', true],
  ])('%s fits %s: %p', (amount, currency, fits) => {
    expect(fitsCurrency(amount, currency)).toBe(fits);
  });
});
