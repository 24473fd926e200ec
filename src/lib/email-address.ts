import { domainToASCII } from 'node:url';
import { isErasedAddress } from './erased';

// Control, formatting and private characters, and all that is drawn as nothing: two addresses that differ in them look the same.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const ALPHABETS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

const GMAIL = new Set(['gmail.com', 'googlemail.com']);

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
  if (isErasedAddress(domain)) return { problem: 'must be an address that can have mail' };
  return { address: `${local}@${domain}` };
}

/** One for all spellings that reach the same mailbox: without the part behind a plus sign, at Gmail without dots. */
export function canonicalAddress(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1).toLowerCase();
  const local = email.slice(0, at).toLowerCase();
  const mailbox = local.replace(/(?<=.)\+.*$/, '');
  return GMAIL.has(domain) ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`;
}
