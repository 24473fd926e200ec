// The alphabet of text messages (3GPP TS 23.038). A single letter beyond it makes all of a message UCS-2: 70 characters instead of 160.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Two septets each. */
const EXTENDED = '\f^{}\\[~]|€';

const basic: ReadonlySet<string> = new Set(BASIC);
const extended: ReadonlySet<string> = new Set(EXTENDED);

export function isGsm(text: string): boolean {
  return [...text].every((letter) => basic.has(letter) || extended.has(letter));
}

/** How much of a message's room a text takes: septets where all of it is of the alphabet, else UTF-16 units. */
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

/** Typography as the alphabet has it, if then all of the text is of it; else the text as it is. */
export function toSmsText(text: string): string {
  const composed = text.normalize('NFC');
  const plain = PLAIN.reduce((so, [typographic, letter]) => so.replace(typographic, letter), composed);
  return isGsm(plain) ? plain : composed;
}
