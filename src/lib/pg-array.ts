// Array parameters as PostgreSQL spells them: the driver quotes and escapes every element, numbers too, which shows on batches.

const QUOTED = /[{}",\\\s]|^$|^null$/i;

export function toNumberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

export function toTextArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : QUOTED.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value)).join(',')}}`;
}
