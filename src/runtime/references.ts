import { randomFillSync } from 'node:crypto';

// No look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B) and no vowels that could spell a word.
const ALPHABET = '34679CDFGHJKMNPQRTVWXY';
const LENGTH = 10;
const CEILING = 256 - (256 % ALPHABET.length);

// Random bytes are fetched in bulk, because each call is expensive.
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  return pool[used++]!;
}

/** Turns random bytes into `length` letters and digits. About one byte in twenty is skipped, so pass some more. */
export function toReadable(bytes: Buffer, length: number): string {
  const letters = [...bytes].filter((byte) => byte < CEILING).map((byte) => ALPHABET[byte % ALPHABET.length]);
  return letters.slice(0, length).join('');
}

/** Returns ten letters and digits out of 22^10 (2.7e13) combinations: unguessable, and short enough to read aloud. */
export function createReference(): string {
  let reference = '';
  while (reference.length < LENGTH) {
    const byte = randomByte();
    if (byte < CEILING) reference += ALPHABET[byte % ALPHABET.length];
  }
  return reference;
}
