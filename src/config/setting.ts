import Joi from 'joi';

/** A setting: its environment variable, its schema and its description. */
export interface Setting<T> {
  name: string;
  schema: Joi.Schema;
  description: string;
  /** Carries the type; has no value at run time. */
  value?: T;
}

type Refine<S extends Joi.Schema> = (schema: S) => S;

/** The type of a setting, which is optional unless it has a default. */
type Given<T, F> = F extends undefined ? T | undefined : T;

function text<F extends string | undefined>(
  name: string,
  fallback: F,
  description: string,
  refine: Refine<Joi.StringSchema> = (s) => s,
): Setting<Given<string, F>> {
  const schema = refine(Joi.string().allow('').empty(''));
  return { name, schema: fallback === undefined ? schema : schema.default(fallback), description };
}

/** A setting with a fixed list of values. */
function oneOf<T extends string, F extends T | undefined>(
  name: string,
  known: readonly T[],
  fallback: F,
  description: string,
): Setting<Given<T, F>> {
  const schema = Joi.string()
    .empty('')
    .valid(...known);
  return { name, schema: fallback === undefined ? schema : schema.default(fallback), description };
}

export function optional(name: string, description: string): Setting<string | undefined> {
  return { name, schema: Joi.string().empty(''), description };
}

function number(name: string, fallback: number, description: string, refine: Refine<Joi.NumberSchema> = (s) => s) {
  const schema = refine(Joi.number().min(0)).empty('').default(fallback);
  return { name, schema, description } as Setting<number>;
}

// A hold or an offer ends on a date that PostgreSQL and JavaScript can hold.
const MAX_MINUTES = 366 * 24 * 60;

export function minutes(name: string, fallback: number, description: string): Setting<number> {
  return number(name, fallback, description, (schema) => schema.greater(0).max(MAX_MINUTES));
}

/** A number of minutes whose default depends on other settings. */
export function optionalMinutes(name: string, description: string): Setting<number | undefined> {
  return { name, schema: Joi.number().min(0).max(MAX_MINUTES).empty(''), description };
}

export function optionalPort(name: string, description: string): Setting<number | undefined> {
  return { name, schema: Joi.number().port().empty(''), description };
}

export function flag<F extends boolean | undefined>(
  name: string,
  fallback: F,
  description: string,
): Setting<Given<boolean, F>> {
  const schema = Joi.boolean().empty('');
  return { name, schema: fallback === undefined ? schema : schema.default(fallback), description };
}

export function duration(name: string, fallback: string, description: string) {
  const schema = Joi.string()
    .empty('')
    .default(fallback)
    .pattern(/^[1-9]\d*(s|m|h|d)?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a duration such as 15m, 1h or 7d' });
  return { name, schema, description } as Setting<string>;
}

/** A comma-separated list of known names. */
export function choices<T extends string>(
  name: string,
  known: readonly T[],
  description: string,
): Setting<T[] | undefined> {
  const chosen: Joi.CustomValidator<string, T[]> = (value, helpers) => {
    const names = [...new Set(value.split(',').map((part) => part.trim()))];
    if (names.every((part) => known.some((choice) => choice === part))) return names as T[];
    return helpers.message({ custom: `{{#label}} must be a comma-separated list of: ${known.join(', ')}` });
  };
  return { name, schema: Joi.string().empty('').custom(chosen), description };
}

export function webAddress<F extends string | undefined>(
  name: string,
  fallback: F,
  description: string,
): Setting<Given<string, F>> {
  const schema = Joi.string()
    .empty('')
    .uri({ scheme: ['http', 'https'] });
  return { name, schema: fallback === undefined ? schema : schema.default(fallback), description };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A server URL with one of these schemes. The error message does not repeat an invalid value, because it may contain a password. */
export function serverAddress(name: string, schemes: string[], description: string): Setting<string | undefined> {
  const check: Joi.CustomValidator<string> = (value, helpers) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const isKnown = url !== undefined && schemes.includes(url.protocol.slice(0, -1));
    if (isKnown && [url.username, url.password, url.pathname].every(isDecodable)) return value;
    return helpers.message({
      custom: `{{#label}} must be an address such as ${schemes[0]}://user:password@host, with special characters of the password percent-encoded`,
    });
  };
  return { name, schema: Joi.string().empty('').custom(check), description };
}

export { number, oneOf, text };
