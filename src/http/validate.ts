import type { Schema, ValidationError } from 'joi';
import { AppError } from '../errors';

export type Source = 'json' | 'form' | 'params' | 'query';

function toAppError(error: ValidationError): AppError {
  // Rules about several fields (`xor`) are reported for their object: the first of them is the one to name.
  const details = error.details.map(({ path, context, message }) => ({
    path: [...path, ...((context?.peers as string[] | undefined)?.slice(0, 1) ?? [])].join('.'),
    message,
  }));
  return new AppError('VALIDATION_ERROR', details.map((detail) => detail.message).join('; '), { details });
}

/**
 * Input as its schema says. Only JSON has numbers; the other sources spell them out. Only a query may carry fields that nobody knows.
 * @throws AppError VALIDATION_ERROR naming each wrong field
 */
export function validate<T>(schema: Schema<T>, value: unknown, source: Source): T {
  const { value: valid, error } = schema.validate(value, {
    abortEarly: false,
    stripUnknown: source === 'query',
    allowUnknown: source === 'query',
    context: { text: source !== 'json' },
    errors: { wrap: { label: false, array: false } },
  });
  if (error) throw toAppError(error);
  return valid as T;
}
