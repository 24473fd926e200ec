import { dictionary } from '@zxcvbn-ts/language-common';

export const MIN_PASSWORD = 8;
/** bcrypt reads no further. */
const MAX_BYTES = 72;
const MOST_COMMON = 10_000;

// The list is in order of frequency and in lower case.
const common = new Set(
  (dictionary['passwords-common'] as string[])
    .slice(0, MOST_COMMON)
    .filter((password) => password.length >= MIN_PASSWORD),
);

export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password) > MAX_BYTES;
}

/** What is wrong with a password that somebody chooses, as the end of a sentence; undefined where nothing is. */
export function passwordProblem(password: string): string | undefined {
  if (password.length < MIN_PASSWORD) return `must have at least ${MIN_PASSWORD} characters`;
  if (isTooLong(password)) return `must have at most ${MAX_BYTES} bytes`;
  if (common.has(password.toLowerCase())) return 'is one of the passwords that everybody tries first';
  return undefined;
}
