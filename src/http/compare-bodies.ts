import Big from 'big.js';
import type { Description, Schema } from 'joi';

type Normalizer = (value: unknown) => unknown;

const keepAsIs: Normalizer = (value) => value;

/** `25`, `25.0` and `25.00` are one amount. */
const normalizeAmount: Normalizer = (value) =>
  typeof value === 'string' || typeof value === 'number' ? new Big(value).toFixed() : value;

function createObjectNormalizer(keys: Record<string, Description>): Normalizer {
  const readers = Object.entries(keys)
    .map(([name, description]) => [name, getNormalizer(description)] as const)
    .filter(([, reader]) => reader !== keepAsIs);
  if (readers.length === 0) return keepAsIs;
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const read: Record<string, unknown> = { ...value };
    for (const [name, reader] of readers) if (name in read) read[name] = reader(read[name]);
    return read;
  };
}

function getNormalizer(description: Description): Normalizer {
  if ((description.metas as { isAmount?: boolean }[] | undefined)?.some(({ isAmount }) => isAmount))
    return normalizeAmount;
  if (description.type === 'object' && description.keys)
    return createObjectNormalizer(description.keys as Record<string, Description>);
  const entry = description.type === 'array' ? (description.items?.[0] as Description | undefined) : undefined;
  const reader = entry ? getNormalizer(entry) : keepAsIs;
  return reader === keepAsIs ? keepAsIs : (value) => (Array.isArray(value) ? value.map(reader) : value);
}

/** Makes the function that gives bodies of one meaning one form, once they have been validated by this schema. */
export function createNormalizer(schema: Schema): Normalizer {
  return getNormalizer(schema.describe());
}
