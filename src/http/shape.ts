import type { Schema } from 'joi';
import { config } from '../config';
import { logger } from '../logger';

interface Part {
  key: string;
  schema: Schema;
}

type Shaper = (value: unknown) => unknown;

const keepAsIs: Shaper = (value) => value;

function createObjectShaper(parts: Part[]): Shaper {
  const fields = parts.map(({ key, schema }) => [key, getShaper(schema)] as const);
  return (value) => {
    if (value === null || typeof value !== 'object') return value;
    const source = value as Record<string, unknown>;
    const shaped: Record<string, unknown> = {};
    for (const [name, shape] of fields) {
      const field = source[name];
      if (field !== undefined) shaped[name] = shape === keepAsIs ? field : shape(field);
    }
    return shaped;
  };
}

function getShaper(schema: Schema): Shaper {
  // Not `describe()`, which validates what it says at each level, and so takes longer than all else when a server starts.
  const { keys, items } = schema.$_terms as { keys?: Part[] | null; items?: Schema[] };
  if (schema.type === 'object' && keys) return createObjectShaper(keys);
  if (schema.type === 'array' && items?.[0]) {
    const entry = getShaper(items[0]);
    return (value) => (Array.isArray(value) ? value.map(entry) : value);
  }
  return keepAsIs;
}

/**
 * Makes the function that leaves out of an answer what its schema does not name, so that a new column never leaks.
 * Under test it also throws where an answer is not what its schema says; validating each answer would cost too much in production.
 */
export function createShaper(schema: Schema, where: string): Shaper {
  const shape = getShaper(schema);
  if (config.nodeEnv !== 'test') return shape;
  return (value) => {
    const shaped = JSON.parse(JSON.stringify(shape(value) ?? null));
    const { error } = schema.validate(shaped, { abortEarly: false, convert: false });
    if (error) {
      logger.error({ route: where, answer: shaped }, error.message);
      throw new Error(`The answer of ${where} is not what its schema says: ${error.message}`);
    }
    return shaped;
  };
}
