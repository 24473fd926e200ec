import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import fc from 'fast-check';
import { fromBase32, toBase32 } from '../../src/lib/base32';
import {
  CODE_LENGTH,
  hashClaims,
  readCode,
  getSignedBytes,
  writeCode,
  type TicketClaims,
} from '../../src/lib/ticket-code';

const { privateKey } = generateKeyPairSync('ed25519');
const stub: TicketClaims = { id: 4_294_967_295, eventId: 7, nonce: randomUUID() };

function codeOf(ticket: TicketClaims, keyId: number): string {
  const signed = getSignedBytes(ticket, keyId);
  return writeCode(signed, sign(null, signed, privateKey));
}

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %j as RFC 4648 does', (text, written) => {
    expect(toBase32(Buffer.from(text))).toBe(written);
    expect(fromBase32(written)?.toString()).toBe(text);
  });

  it('reads what it has written, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(fromBase32(toBase32(bytes))).toEqual(Buffer.from(bytes));
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z2-7a]{0,20}$/), (text) => {
        const read = fromBase32(text);
        if (read) expect(toBase32(read)).toBe(text);
      }),
    );
  });
});

describe('readCode', () => {
  it('reads what is in a code', () => {
    const code = codeOf(stub, 255);
    expect(code).toHaveLength(CODE_LENGTH);
    expect(readCode(code)).toMatchObject({ ...stub, keyId: 255 });
  });

  it('knows a code from anything else', () => {
    for (const text of ['', 'A', codeOf(stub, 1).slice(1), `${codeOf(stub, 1)}A`, '='.repeat(CODE_LENGTH)])
      expect(readCode(text)).toBeUndefined();
    // Any bytes could be one: only the signature tells.
    expect(readCode(toBase32(randomBytes(89)))).toBeDefined();
  });
});

describe('digestOf', () => {
  it('is of what is signed, whatever the key', () => {
    const { signed } = readCode(codeOf(stub, 9))!;
    const whole = createHash('sha256').update(signed.subarray(1)).digest('hex');
    expect(hashClaims(stub)).toBe(whole.slice(0, 32));
    expect(hashClaims({ ...stub, nonce: randomUUID() })).not.toBe(hashClaims(stub));
  });
});
