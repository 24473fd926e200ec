import { domainToASCII } from 'node:url';

// Control, formatting and private characters, and all that is drawn as nothing: two addresses that differ in them look the same.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

export type ParsedAddress = { address: string } | { problem: string };

/** An address in its one spelling: compatibility forms unified (NFKC), lower case, the domain in ASCII. `problem` ends a sentence. */
export function parseAddress(text: string): ParsedAddress {
  if (INVISIBLE.test(text.trim())) return { problem: 'must not contain invisible or control characters' };
  const unified = text.trim().normalize('NFKC').toLowerCase();
  const at = unified.lastIndexOf('@');
  const local = unified.slice(0, at);
  const domain = domainToASCII(unified.slice(at + 1).replace(/\.$/, ''));
  // What is no address at all is said by whoever checks its shape.
  if (at < 1 || !domain) return { address: unified };
  if (ALPHABETS.filter((alphabet) => alphabet.test(local)).length > 1)
    return { problem: 'must not mix letters of several alphabets, which look alike' };
  return { address: `${local}@${domain}` };
}
