import { formatDate, formatLocalizedMoney, formatTime } from '../../src/lib/text/localized';

const time = Date.UTC(2030, 0, 31, 19, 30);

describe('localizedMoney', () => {
  it.each([
    ['7932.800', 'EUR', 'de', '7.932,80 €'],
    ['7932.8', 'EUR', 'de-AT', '€ 7.932,80'],
    ['7932.80', 'EUR', 'fr-FR', '7 932,80 €'],
    ['30.00', 'USD', 'en', '$30.00'],
    ['30.00', 'USD', 'de', '30,00 $'],
    ['1500.000', 'JPY', 'en-GB', 'JP¥1,500'],
    ['1.5', 'KWD', 'de', '1,500 KWD'],
    ['12500.00', 'HUF', 'hu', '12 500,00 Ft'],
    ['12.00', 'EUR', 'fa-IR', '€ 12.00'],
    ['12.00', 'EUR', 'not a locale', '€12.00'],
    // More digits than a double can represent.
    ['9007199254740993.11', 'USD', 'en', '$9,007,199,254,740,993.11'],
  ])('%s %s in %s is %s', (amount, currency, locale, text) =>
    expect(formatLocalizedMoney(amount, currency, locale)).toBe(text),
  );
});

describe('dates', () => {
  it.each(['fa-IR', 'th-TH', 'ar-SA', 'en-TH', 'ja-JP-u-ca-japanese', 'de-u-ca-buddhist-nu-thai', 'he-u-ca-hebrew'])(
    'use the Gregorian calendar in %s',
    (locale) => {
      const written = [
        formatTime(time, { locale, timeZone: 'UTC', style: 'full' }).text,
        formatTime(time, { locale, timeZone: 'UTC', style: 'medium' }).text,
        formatDate(time, { locale, timeZone: 'UTC', style: 'long' }),
      ];
      for (const text of written) {
        expect(text).toContain('2030');
        expect(text).toContain('31');
      }
    },
  );

  it('follow the conventions of the locale', () => {
    expect(formatDate(time, { locale: 'de', timeZone: 'Europe/Berlin', style: 'full' })).toBe(
      'Donnerstag, 31. Januar 2030',
    );
    expect(formatDate(time, { locale: 'en-US', timeZone: 'Asia/Tokyo', style: 'long' })).toBe('February 1, 2030');
  });
});
