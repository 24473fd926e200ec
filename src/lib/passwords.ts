import { dictionary } from '@zxcvbn-ts/language-common';

export const MIN_PASSWORD = 8;
/** bcrypt ignores further bytes. */
const MAX_BYTES = 72;
const COMMON_PASSWORDS = 10_000;

// The list is sorted by frequency and in lower case.
const common = new Set(
  (dictionary['passwords-common'] as string[])
    .slice(0, COMMON_PASSWORDS)
    .filter((password) => password.length >= MIN_PASSWORD),
);

export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_BYTES;
}

const MIN_DISTINCT = 4;
const LEFT_OVER = 4;

// Characters that are invisible or blank.
const BLANK = /^[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]*$/u;
/** A block of up to four characters that repeats to the end. */
const REPEATED = /^(.{1,4}?)\1+$/su;

function isTooSimple(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return new Set(text).size < MIN_DISTINCT || REPEATED.test(text);
}

/** Returns what is wrong with a new password, to complete a sentence; undefined if nothing is. */
export function findPasswordProblem(password: string): string | undefined {
  if (password.length < MIN_PASSWORD) return `must have at least ${MIN_PASSWORD} characters`;
  if (isTooLong(password)) return `must have at most ${MAX_BYTES} bytes`;
  if (BLANK.test(password)) return 'must not be blank';
  if (isTooSimple(password)) return 'must not repeat a few characters';
  if (common.has(password.toLowerCase())) return 'is one of the most common passwords';
  return undefined;
}

/** Words that people who know the owner could guess. */
export interface OwnWords {
  email: string;
  firstName?: string | null;
  lastName?: string | null;
  name?: string | null;
}

const squeeze = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Returns what is wrong with a password that is little more than its owner's address or name, to complete a sentence. */
export function findOwnWordsProblem(
  password: string,
  { email, firstName, lastName, name }: OwnWords,
): string | undefined {
  const [local = '', domain = ''] = email.split('@');
  const words = [
    email,
    local,
    local + domain.split('.')[0]!,
    name,
    `${firstName ?? ''}${lastName ?? ''}`,
    `${lastName ?? ''}${firstName ?? ''}`,
  ];
  const chosen = squeeze(password);
  const isOwn = words
    .map((word) => squeeze(word ?? ''))
    .some((word) => word.length >= LEFT_OVER && chosen.includes(word) && chosen.replace(word, '').length < LEFT_OVER);
  return isOwn ? 'must not be your address or name' : undefined;
}
