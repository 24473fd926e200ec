import type { Schema, ValidationError, ValidationErrorItem } from 'joi';
import { AppError, MAX_DETAILS, type ErrorDetail } from '../errors';
import { validationMessages } from './validation-messages';

export type Source = 'json' | 'form' | 'params' | 'query';

// Rules about the whole input have no field, so messages name the source.
const NAME_OF_SOURCE: Record<Source, string> = {
  json: 'the body',
  form: 'the body',
  params: 'the path',
  query: 'the query',
};

/** For a body with more values, only the first error is reported; finding all of them would take too long. */
const MAX_VALUES_CHECKED_IN_FULL = 300;
interface Input {
  source: Source;
  /** The number of values in the body. */
  valueCount?: number;
}

const MAX_NAME_LENGTH = 100;

const shorten = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${toWellFormed(name.slice(0, MAX_NAME_LENGTH))}…` : name;

const toWellFormed = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

function toDetail({ path, context, message, type }: ValidationErrorItem, source: Source): ErrorDetail {
  // Joi reports rules about several fields (`xor`) for their object; name the first field instead.
  const peers = (context?.peers as string[] | undefined)?.slice(0, 1) ?? [];
  const name = [...path, ...peers].map((part) => shorten(String(part))).join('.');
  // The client chose the name of an unknown field, so build the message from the shortened name.
  if (type === 'object.unknown') return { path: name, message: `${name} is not allowed` };
  return { path: name, message: path.length === 0 ? message.replace(/^value\b/, NAME_OF_SOURCE[source]) : message };
}

function toAppError(error: ValidationError, source: Source): AppError {
  // A custom rule about a whole list fails on invalid entries; those have already been reported, so drop its error.
  const items = error.details.filter(({ type }, _index, all) => type !== 'any.custom' || all.length === 1);
  const details = items
    .slice(0, MAX_DETAILS)
    .map((item) => toDetail(item, source))
    .filter(
      // A value that breaks one rule usually breaks the following ones too, so keep only the first error per field.
      ({ path, message }, index, all) =>
        index === all.findIndex((each) => each.path === path && (path !== '' || each.message === message)),
    );
  return new AppError('VALIDATION_ERROR', details.map((detail) => detail.message).join('; '), { details });
}

/**
 * Returns the validated input. Only JSON has numbers; other sources send them as text. Only a query may have unknown fields.
 * @throws AppError VALIDATION_ERROR naming each wrong field, at most 20
 */
export function validate<T>(schema: Schema<T>, value: unknown, { source, valueCount = 0 }: Input): T {
  const { value: valid, error } = schema.validate(value, {
    abortEarly: valueCount > MAX_VALUES_CHECKED_IN_FULL,
    stripUnknown: source === 'query',
    allowUnknown: source === 'query',
    context: { text: source !== 'json' },
    errors: { wrap: { label: false, array: false } },
    messages: validationMessages,
  });
  if (error) throw toAppError(error, source);
  return valid as T;
}
