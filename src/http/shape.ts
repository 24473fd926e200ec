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
  // Avoids `describe()`, which validates its own output at every level and would dominate the startup time.
  const { keys, items } = schema.$_terms as { keys?: Part[] | null; items?: Schema[] };
  if (schema.type === 'object' && keys) return createObjectShaper(keys);
  if (schema.type === 'array' && items?.[0]) {
    const entry = getShaper(items[0]);
    return (value) => (Array.isArray(value) ? value.map(entry) : value);
  }
  return keepAsIs;
}

/**
 * Returns a function that removes undeclared fields from a response, so that a new column never leaks.
 * In tests it also throws if a response does not match its schema; in production, validating every response would cost too much.
 */
export function createShaper(schema: Schema, routeId: string): Shaper {
  const shape = getShaper(schema);
  if (config.nodeEnv !== 'test') return shape;
  return (value) => {
    const shaped = JSON.parse(JSON.stringify(shape(value) ?? null));
    const { error } = schema.validate(shaped, { abortEarly: false, convert: false });
    if (error) {
      logger.error({ route: routeId, response: shaped }, error.message);
      throw new Error(`The response of ${routeId} does not match its schema: ${error.message}`);
    }
    return shaped;
  };
}
