// Formats array parameters for PostgreSQL. The driver would quote and escape every element, even numbers, which is measurably slow for batches.

const QUOTED = /[{}",\\\s]|^$|^null$/i;

export function toNumberArray(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

export function toTextArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : QUOTED.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value)).join(',')}}`;
}
