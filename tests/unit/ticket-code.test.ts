import { createHash, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import {
  CODE_LENGTH,
  hashClaims,
  readCode,
  getSignedBytes,
  writeCode,
  type TicketClaims,
} from '../../src/lib/ticket-code';

const { privateKey } = generateKeyPairSync('ed25519');
const claims: TicketClaims = { id: 4_294_967_295, eventId: 7, nonce: randomUUID() };

function codeOf(ticket: TicketClaims, keyId: number): string {
  const signed = getSignedBytes(ticket, keyId);
  return writeCode(signed, sign(null, signed, privateKey));
}

describe('readCode', () => {
  it('reads the claims in a code', () => {
    const code = codeOf(claims, 255);
    expect(code).toHaveLength(CODE_LENGTH);
    expect(readCode(code)).toMatchObject({ ...claims, keyId: 255 });
  });

  it('accepts only one spelling of the same bytes', () => {
    const code = codeOf(claims, 1);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const last = letters.indexOf(code.at(-1)!);
    // 89 bytes do not use the last three bits of the last letter.
    expect(last % 8).toBe(0);
    expect(readCode(code.slice(0, -1) + letters[last + 1])).toBeUndefined();
    expect(readCode(code.toLowerCase())).toBeUndefined();
    expect(readCode(`${code.slice(0, -8)}=======`)).toBeUndefined();
  });

  it('refuses text that is not a code', () => {
    for (const text of ['', 'A', codeOf(claims, 1).slice(1), `${codeOf(claims, 1)}A`, '='.repeat(CODE_LENGTH)])
      expect(readCode(text)).toBeUndefined();
    // Any bytes could be a code; only the signature can tell.
    expect(readCode(writeCode(randomBytes(25), randomBytes(64)))).toBeDefined();
  });
});

describe('digestOf', () => {
  it('covers the signed bytes except the id of the key', () => {
    const { signed } = readCode(codeOf(claims, 9))!;
    const whole = createHash('sha256').update(signed.subarray(1)).digest('hex');
    expect(hashClaims(claims)).toBe(whole.slice(0, 32));
    expect(hashClaims({ ...claims, nonce: randomUUID() })).not.toBe(hashClaims(claims));
  });
});
