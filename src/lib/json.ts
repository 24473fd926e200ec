const UNSTORABLE = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Whether PostgreSQL's text can hold this. */
export const isStorableText = (text: string): boolean => !UNSTORABLE.test(text);

/** Whether PostgreSQL's jsonb can hold this: no NUL, no half surrogate, and nested at most `depth` deep. */
export function isStorableJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([key, entry]) => !UNSTORABLE.test(key) && isStorableJson(entry, depth - 1));
}
