// The GSM alphabet (3GPP TS 23.038). A single character outside it makes the whole message UCS-2, with 70 instead of 160 characters.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Characters that take two septets each. */
const EXTENDED = '\f^{}\\[~]|€';

const basic: ReadonlySet<string> = new Set(BASIC);
const extended: ReadonlySet<string> = new Set(EXTENDED);

export function isGsm(text: string): boolean {
  return [...text].every((letter) => basic.has(letter) || extended.has(letter));
}

/** Returns the length of a text message: septets if it only has characters of the GSM alphabet, otherwise UTF-16 units. */
export function countSmsCharacters(text: string): number {
  return isGsm(text) ? [...text].reduce((sum, letter) => sum + (extended.has(letter) ? 2 : 1), 0) : text.length;
}

const PLAIN: [typographic: RegExp, plain: string][] = [
  [/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]/gu, ' '],
  [/[‘’‚‛′`´ʼ]/gu, "'"],
  [/[“”„‟″«»]/gu, '"'],
  [/[‐‑‒–—―−]/gu, '-'],
  [/…/gu, '...'],
  [/[•·]/gu, '-'],
  [/[\u200b-\u200f\u2060\ufeff\u00ad]/gu, ''],
];

/** Replaces typographic characters if the whole text then fits the GSM alphabet; otherwise returns it unchanged. */
export function toSmsText(text: string): string {
  const composed = text.normalize('NFC');
  const plain = PLAIN.reduce((so, [typographic, letter]) => so.replace(typographic, letter), composed);
  return isGsm(plain) ? plain : composed;
}
