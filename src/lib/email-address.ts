import { domainToASCII } from 'node:url';

// Control, formatting, private and invisible characters: addresses that differ only in these look the same.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

export type ParsedAddress = { address: string } | { problem: string };

/** Normalizes an address: NFKC, lower case, domain in ASCII. `problem` completes a sentence that starts with the field name. */
export function parseAddress(text: string): ParsedAddress {
  if (INVISIBLE.test(text.trim())) return { problem: 'must not contain invisible or control characters' };
  const unified = text.trim().normalize('NFKC').toLowerCase();
  const at = unified.lastIndexOf('@');
  const local = unified.slice(0, at);
  const domain = domainToASCII(unified.slice(at + 1).replace(/\.$/, ''));
  // The caller validates the format, and reports text that is no address at all.
  if (at < 1 || !domain) return { address: unified };
  if (ALPHABETS.filter((alphabet) => alphabet.test(local)).length > 1)
    return { problem: 'must not mix letters of several alphabets, which look alike' };
  return { address: `${local}@${domain}` };
}
