import type { Description, Schema } from 'joi';
import { config } from '../config';
import { logger } from '../logger';

type Shaper = (value: unknown) => unknown;

const keepAsIs: Shaper = (value) => value;

function createObjectShaper(keys: Record<string, Description>): Shaper {
  const fields = Object.entries(keys).map(([name, description]) => [name, getShaper(description)] as const);
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

function getShaper(description: Description): Shaper {
  if (description.type === 'object' && description.keys)
    return createObjectShaper(description.keys as Record<string, Description>);
  if (description.type === 'array' && description.items?.[0]) {
    const entry = getShaper(description.items[0] as Description);
    return (value) => (Array.isArray(value) ? value.map(entry) : value);
  }
  return keepAsIs;
}

/**
 * Makes the function that leaves out of an answer what its schema does not name, so that a new column never leaks.
 * Under test it also throws where an answer is not what its schema says; validating each answer would cost too much in production.
 */
export function createShaper(schema: Schema, where: string): Shaper {
  const shape = getShaper(schema.describe());
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
