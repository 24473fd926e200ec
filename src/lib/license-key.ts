// A key is BLTN and 25 letters of Crockford's base32, five bits each, in groups of five.
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'BLTN';
const GROUP_LENGTH = 5;
/** One byte for each letter, of which five bits are used. */
export const KEY_BYTES = 25;

const BODY = new RegExp(`^[${LETTERS}]{${KEY_BYTES}}$`);

function format(body: string): string {
  const groups = body.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g')) ?? [];
  return [PREFIX, ...groups].join('-');
}

/** Returns the key for random bytes. */
export function toLicenseKey(bytes: Uint8Array): string {
  return format([...bytes.subarray(0, KEY_BYTES)].map((byte) => LETTERS[byte & 31]!).join(''));
}

/**
 * Returns a key as it was issued: without regard to case, spaces and hyphens, and with I and L read as 1 and O as 0. A text that
 * cannot be a key comes back as it is, so that it is looked up like any other and found nowhere.
 */
export function normalizeLicenseKey(text: string): string {
  const body = text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(new RegExp(`^${PREFIX}`), '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  return BODY.test(body) ? format(body) : text;
}
