import type { Schema, ValidationError, ValidationErrorItem } from 'joi';
import { AppError, MAX_DETAILS, type ErrorDetail } from '../errors';
import { validationMessages } from './validation-messages';

export type Source = 'json' | 'form' | 'params' | 'query';

// A rule about the whole has no field to name.
const NAME_OF_SOURCE: Record<Source, string> = {
  json: 'the body',
  form: 'the body',
  params: 'the path',
  query: 'the query',
};

/** Of a body with more values only the first fault is named: finding all of them would take too long. */
const MAX_VALUES_CHECKED_IN_FULL = 300;
interface Input {
  source: Source;
  /** How many values a body has. */
  valueCount?: number;
}

const MAX_NAME_LENGTH = 100;

const shorten = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${toWellFormed(name.slice(0, MAX_NAME_LENGTH))}…` : name;

const toWellFormed = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

function toDetail({ path, context, message, type }: ValidationErrorItem, source: Source): ErrorDetail {
  // Rules about several fields (`xor`) are reported for their object: the first of them is the one to name.
  const peers = (context?.peers as string[] | undefined)?.slice(0, 1) ?? [];
  const name = [...path, ...peers].map((part) => shorten(String(part))).join('.');
  // An unknown field has whatever name its sender gave it.
  if (type === 'object.unknown') return { path: name, message: `${name} is not allowed` };
  return { path: name, message: path.length === 0 ? message.replace(/^value\b/, NAME_OF_SOURCE[source]) : message };
}

function toAppError(error: ValidationError, source: Source): AppError {
  // A rule about the whole of a list can not judge entries that are wrong by themselves, which are reported.
  const items = error.details.filter(({ type }, _index, all) => type !== 'any.custom' || all.length === 1);
  const details = items
    .slice(0, MAX_DETAILS)
    .map((item) => toDetail(item, source))
    .filter(
      // A value that is wrong by one rule is mostly wrong by the next ones too: the first says enough.
      ({ path, message }, index, all) =>
        index === all.findIndex((each) => each.path === path && (path !== '' || each.message === message)),
    );
  return new AppError('VALIDATION_ERROR', details.map((detail) => detail.message).join('; '), { details });
}

/**
 * Input as its schema says. Only JSON has numbers; the other sources spell them out. Only a query may carry fields that nobody knows.
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
