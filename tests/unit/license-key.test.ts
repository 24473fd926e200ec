import { KEY_BYTES, normalizeLicenseKey, toLicenseKey } from '../../src/lib/license-key';

describe('toLicenseKey', () => {
  it('uses five bits of each byte', () => {
    const bytes = Uint8Array.from({ length: KEY_BYTES }, (_, index) => index + 7);
    expect(toLicenseKey(bytes)).toBe('BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYZ');
    expect(toLicenseKey(bytes.map((byte) => byte + 224))).toBe(toLicenseKey(bytes));
  });
});

describe('normalizeLicenseKey', () => {
  it.each([
    ['BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYZ', 'BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYZ'],
    [' bltn 789ab cdefg hjkmn pqrst vwxyz ', 'BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYZ'],
    ['789ABCDEFGHJKMNPQRSTVWXYZ', 'BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYZ'],
    ['bltn-oO0iI-lL1AB-22222-33333-44444', 'BLTN-00011-111AB-22222-33333-44444'],
    ['BLTN-789AB', 'BLTN-789AB'],
    ['BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYU', 'BLTN-789AB-CDEFG-HJKMN-PQRST-VWXYU'],
    ['', ''],
  ])('reads %j', (text, key) => {
    expect(normalizeLicenseKey(text)).toBe(key);
  });
});
