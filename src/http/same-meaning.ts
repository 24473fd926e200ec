import Big from 'big.js';
import type { Description, Schema } from 'joi';

type Reader = (value: unknown) => unknown;

const asIs: Reader = (value) => value;

/** `25`, `25.0` and `25.00` are one amount. */
const amount: Reader = (value) =>
  typeof value === 'string' || typeof value === 'number' ? new Big(value).toFixed() : value;

function objectReader(keys: Record<string, Description>): Reader {
  const readers = Object.entries(keys)
    .map(([name, description]) => [name, readerOf(description)] as const)
    .filter(([, reader]) => reader !== asIs);
  if (readers.length === 0) return asIs;
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const read: Record<string, unknown> = { ...value };
    for (const [name, reader] of readers) if (name in read) read[name] = reader(read[name]);
    return read;
  };
}

function readerOf(description: Description): Reader {
  if ((description.metas as { isAmount?: boolean }[] | undefined)?.some(({ isAmount }) => isAmount)) return amount;
  if (description.type === 'object' && description.keys)
    return objectReader(description.keys as Record<string, Description>);
  const entry = description.type === 'array' ? (description.items?.[0] as Description | undefined) : undefined;
  const reader = entry ? readerOf(entry) : asIs;
  return reader === asIs ? asIs : (value) => (Array.isArray(value) ? value.map(reader) : value);
}

/** Makes the function that gives bodies of one meaning one form, once they have been validated by this schema. */
export function comparer(schema: Schema): Reader {
  return readerOf(schema.describe());
}
