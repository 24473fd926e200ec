import { toE164 } from '../../src/lib/phone';

describe('toE164', () => {
  it.each([
    ['+43 (664) 123-45.67', '+436641234567'],
    ['+15005550006', '+15005550006'],
    ['0664 1234567', undefined],
    ['0043 664 1234567', undefined],
    ['+0664 1234567', undefined],
    ['+43 12', undefined],
    ['+1234567890123456', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j', (phone, number) => expect(toE164(phone)).toBe(number));
});
