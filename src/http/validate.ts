import type { Schema, ValidationError } from 'joi';
import { AppError } from '../errors';
import { validationMessages } from './validation-messages';

export type Source = 'json' | 'form' | 'params' | 'query';

// A rule about the whole has no field to name.
const WHOLE: Record<Source, string> = { json: 'the body', form: 'the body', params: 'the path', query: 'the query' };

function toAppError(error: ValidationError, source: Source): AppError {
  // Rules about several fields (`xor`) are reported for their object: the first of them is the one to name.
  const details = error.details.map(({ path, context, message }) => ({
    path: [...path, ...((context?.peers as string[] | undefined)?.slice(0, 1) ?? [])].join('.'),
    message: path.length === 0 ? message.replace(/^value\b/, WHOLE[source]) : message,
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
    messages: validationMessages,
  });
  if (error) throw toAppError(error, source);
  return valid as T;
}
