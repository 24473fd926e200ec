const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** True if PostgreSQL's `text` can store this. */
export const isStorableText = (text: string): boolean => !UNSTORABLE.test(text);

/** True if PostgreSQL's `jsonb` can store this: no NUL, no lone surrogates, and at most `depth` levels. */
export function isStorableJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([key, entry]) => !UNSTORABLE.test(key) && isStorableJson(entry, depth - 1));
}
