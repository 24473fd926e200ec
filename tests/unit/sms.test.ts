import { isGsm, countSmsCharacters, toSmsText } from '../../src/lib/text/gsm';
import { composeBookingSms } from '../../src/services/notifications/mail/sms';
import type { BookingNotificationData } from '../../src/models/notifications/notification-data';
import { cutText } from '../../src/lib/text/cut-text';

describe('cutText', () => {
  it.each([
    ['short', 10, 'short'],
    ['a longer text', 8, 'a lon...'],
    ['a longe text', 5, 'a...'],
    ['🎉🎉🎉', 5, '🎉...'],
    ['🎉🎉🎉', 4, '...'],
    ['👨‍👩‍👧 family', 10, '...'],
    ['👨‍👩‍👧 family', 13, '👨‍👩‍👧 f...'],
    ['🇦🇹🇩🇪', 7, '🇦🇹...'],
    ['e\u0301e\u0301e\u0301', 5, 'e\u0301...'],
    ['नमस्ते दुनिया', 8, 'नम...'],
  ])('%s within %i is %s', (text, max, cut) => expect(cutText(text, { max, ellipsis: '...' })).toBe(cut));

  it('uses the given measure', () => {
    expect(cutText('€€€€', { max: 6, measure: countSmsCharacters })).toBe('€€€');
  });
});

describe('toSmsText', () => {
  it.each([
    ['Tom’s “Jazz” – live…', 'Tom\'s "Jazz" - live...'],
    ['7:30\u202fPM', '7:30 PM'],
    ['7\u00a0932,80\u00a0€', '7 932,80 €'],
    ['Cafe\u0301', 'Café'],
    ['«Été»', '"Été"'],
    ['Привет…', 'Привет…'],
    ['Jazz 🎉', 'Jazz 🎉'],
  ])('%s becomes %s', (text, plain) => expect(toSmsText(text)).toBe(plain));

  it('counts the characters of a text message', () => {
    expect([
      countSmsCharacters('abc€'),
      countSmsCharacters('[]'),
      countSmsCharacters('🎉'),
      isGsm('Ä ö ñ @ ß'),
      isGsm('ê'),
    ]).toEqual([5, 4, 2, true, false]);
  });
});

describe('text messages', () => {
  const startsAt = Date.UTC(2030, 0, 31, 19, 30);
  const message = (title: string, locale: string, venueName = 'Hall – “Main”') =>
    composeBookingSms('booking.reminder', {
      event: { title, startsAt, timezone: 'Europe/Vienna', venueName },
      recipient: { locale },
    } as BookingNotificationData);

  it.each(['en', 'de', 'en-US', 'fr-FR', 'fa-IR', 'th-TH', 'ja'])('use the GSM alphabet in %s', (locale) => {
    const text = toSmsText(
      message('A very long title that goes on – and on – until nobody reads it: “Ödipus”', locale),
    );
    expect(isGsm(text)).toBe(true);
    expect(countSmsCharacters(text)).toBeLessThanOrEqual(160);
    expect(text).toContain('2030');
  });

  it.each(['🎉'.repeat(50), `${'x'.repeat(56)}👨‍👩‍👧👨‍👩‍👧`, `${'e\u0301'.repeat(70)}`, '大'.repeat(80)])(
    'never cut a title in the middle of a character: %s',
    (title) => {
      const text = message(title, 'en');
      expect(Buffer.from(text).toString()).toBe(text);
      const [shown = ''] = text.split('...', 1);
      expect(title.normalize('NFC').startsWith(shown)).toBe(true);
      expect(shown).not.toMatch(/\u200d$/);
    },
  );
});
