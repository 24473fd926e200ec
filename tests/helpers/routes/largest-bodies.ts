import type { Description, Schema } from 'joi';

const USUAL_BYTES = 64 * 1024;
const MB = 1_000_000;

/** Returns the JSON of an array with as many copies of `entry` as fit. */
const filled = (entry: string, bytes: number): string =>
  `[${Array.from({ length: Math.floor(bytes / (entry.length + 1)) }, () => entry).join(',')}]`;

const nested = (bytes: number): string => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);

function unknownFields(bytes: number): string {
  const fields = Array.from({ length: Math.floor(bytes / 10) }, (_, index) => `"${index.toString(36)}":1`);
  return `{${fields.join(',')}}`;
}

/** Returns the bodies that an attacker could send to a route with this schema: as much of everything as the limits allow. */
export function largestBodies(schema: Schema, maxBytes = USUAL_BYTES): string[] {
  const bytes = Math.min(maxBytes, MB) - 1000;
  const fields = Object.entries((schema.describe().keys ?? {}) as Record<string, Description>);
  const withAll = (value: string): string => `{${fields.map(([name]) => `"${name}":${value}`).join(',')}}`;
  const share = Math.floor(bytes / Math.max(1, fields.length)) - 40;
  const lists = fields.filter(([, { type }]) => type === 'array' || type === 'object').map(([name]) => name);
  const listed = lists.flatMap((name) =>
    ['{}', '0', '"x"', '{"a":1}', '[0,0]', 'null'].map((entry) => `{"${name}":${filled(entry, bytes)}}`),
  );
  return [
    unknownFields(bytes),
    unknownFields(MB),
    `{"${'k'.repeat(bytes)}":1}`,
    filled('{}', bytes),
    `{"a":${nested(bytes)}}`,
    withAll(`"${'x'.repeat(share)}"`),
    withAll(`"${'9'.repeat(share)}"`),
    withAll(`"${' '.repeat(share)}"`),
    withAll(filled('{}', share)),
    withAll(filled('1', share)),
    ...listed,
  ];
}
