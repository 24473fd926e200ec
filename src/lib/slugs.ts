import { cutText } from './text/cut-text';

/** Words of letters and digits, joined by hyphens. A number would be taken for an id. */
export const SLUG = /^(?!\d+$)[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*$/u;

const MAX_DERIVED_CHARACTERS = 80;

/** Letters that are no other letter with a mark. */
const SPELLED: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i' };

/** Returns the slug of a name, such as `t-shirt-blue`; `fallback` stands in for a name without letters. */
export function toSlug(name: string, fallback: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f'’‘ʼ]/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[ßæœøđðþłı]/g, (letter) => SPELLED[letter]!)
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    // A word cannot begin with a mark.
    .replaceAll(/(^|-)\p{M}+/gu, '$1')
    .replaceAll(/-+/g, '-');
  const slug = cutText(words, { max: MAX_DERIVED_CHARACTERS }).replaceAll(/^-+|-+$/g, '');
  return SLUG.test(slug) ? slug : [fallback, slug].filter(Boolean).join('-');
}
