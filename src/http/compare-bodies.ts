import Big from 'big.js';
import type { Description, Schema } from 'joi';

type Normalizer = (value: unknown) => unknown;

const keepAsIs: Normalizer = (value) => value;

/** Makes `25`, `25.0` and `25.00` equal. */
const normalizeAmount: Normalizer = (value) =>
  typeof value === 'string' || typeof value === 'number' ? new Big(value).toFixed() : value;

function createObjectNormalizer(keys: Record<string, Description>): Normalizer {
  const normalizers = Object.entries(keys)
    .map(([name, description]) => [name, getNormalizer(description)] as const)
    .filter(([, normalize]) => normalize !== keepAsIs);
  if (normalizers.length === 0) return keepAsIs;
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const normalized: Record<string, unknown> = { ...value };
    for (const [name, normalize] of normalizers) if (name in normalized) normalized[name] = normalize(normalized[name]);
    return normalized;
  };
}

function getNormalizer(description: Description): Normalizer {
  if ((description.metas as { isAmount?: boolean }[] | undefined)?.some(({ isAmount }) => isAmount))
    return normalizeAmount;
  if (description.type === 'object' && description.keys)
    return createObjectNormalizer(description.keys as Record<string, Description>);
  const entry = description.type === 'array' ? (description.items?.[0] as Description | undefined) : undefined;
  const normalize = entry ? getNormalizer(entry) : keepAsIs;
  return normalize === keepAsIs ? keepAsIs : (value) => (Array.isArray(value) ? value.map(normalize) : value);
}

/** Returns a function that gives equivalent bodies the same form. It expects bodies validated by this schema. */
export function createNormalizer(schema: Schema): Normalizer {
  return getNormalizer(schema.describe());
}
