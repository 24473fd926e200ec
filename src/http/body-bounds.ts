import { AppError } from '../errors';

// The cost of parsing and validating a body grows with its number of values rather than its bytes, so values are counted first.
const MAX_DEPTH = 32;
const MAX_FIELDS_OF_OBJECT = 4096;
const MAX_FIELDS = 30_000;
const MAX_VALUES = 100_000;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Thrown inside body-parser, which passes errors of this class on unchanged. */
export class OutOfBounds extends Error {
  readonly failure: AppError;

  constructor(message: string) {
    super(message);
    this.failure = new AppError('VALIDATION_ERROR', message, { details: [{ path: '', message }] });
  }
}

/**
 * Counts the values of a JSON text in one pass over its bytes.
 * @throws OutOfBounds
 */
export function countJsonValues(text: Uint8Array): number {
  let values = 1;
  let fields = 0;
  let isText = false;
  const fieldsOf = [0];
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at]!;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === COMMA) values += 1;
    else if (byte === COLON) {
      fields += 1;
      fieldsOf[fieldsOf.length - 1]! += 1;
      if (fields > MAX_FIELDS || fieldsOf[fieldsOf.length - 1]! > MAX_FIELDS_OF_OBJECT)
        throw new OutOfBounds(
          `a body has at most ${MAX_FIELDS} fields, and each of its objects ${MAX_FIELDS_OF_OBJECT}`,
        );
    } else if (OPENING.has(byte)) {
      values += 1;
      fieldsOf.push(0);
      if (fieldsOf.length > MAX_DEPTH + 1) throw new OutOfBounds(`a body is nested at most ${MAX_DEPTH} deep`);
    } else if (CLOSING.has(byte) && fieldsOf.length > 1) fieldsOf.pop();
    if (values > MAX_VALUES) throw new OutOfBounds(`a body has at most ${MAX_VALUES} values`);
  }
  return values;
}
