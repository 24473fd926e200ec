import JoiBase, {
  type CustomHelpers,
  type DateSchema,
  type NumberSchema,
  type ObjectSchema,
  type Schema,
  type StringSchema,
} from 'joi';
import { parseAddress } from '../lib/email-address';
import { isErasedAddress } from '../lib/erased';
import { INT4_MAX } from '../lib/ids';
import { findNameProblem, hasUnseenCharacters } from '../lib/text/names';
import { spellTimeZone } from '../lib/time-zone';

export { INT4_MAX } from '../lib/ids';

interface CoercionHelpers extends CustomHelpers {
  prefs: CustomHelpers['prefs'] & { context?: { text?: boolean } };
}

// JSON bodies must send real numbers; paths, queries and forms contain only text, so they may send numbers as text.
// Only the plain form is accepted: `01`, `+1` and `1e3` would be other names of the same resource.
const NUMBER_AS_TEXT = { number: /^(-?(0|[1-9]\d*)(\.\d+)?)?$/, boolean: /^(true|false)?$/i };

function rejectText(type: keyof typeof NUMBER_AS_TEXT) {
  return (value: unknown, helpers: CustomHelpers) => {
    if (typeof value !== 'string') return { value };
    const isSpelled = (helpers as CoercionHelpers).prefs.context?.text === true && NUMBER_AS_TEXT[type].test(value);
    return isSpelled ? { value } : { value, errors: [helpers.error(`${type}.base`)] };
  };
}

export const Joi = JoiBase.extend(
  { type: 'number', base: JoiBase.number(), prepare: rejectText('number') },
  { type: 'boolean', base: JoiBase.boolean(), prepare: rejectText('boolean') },
  {
    type: 'array',
    base: JoiBase.array(),
    // Checks the length before validating the entries, so that a huge list is rejected at once.
    prepare(value: unknown, helpers: CustomHelpers) {
      const rule = helpers.schema.$_getRule('max');
      const limit = rule?.args?.limit as number | undefined;
      if (!Array.isArray(value) || limit === undefined || value.length <= limit) return { value };
      return { value, errors: [helpers.error('array.max', { limit })] };
    },
  },
  {
    type: 'string',
    base: JoiBase.string(),
    messages: {
      'string.nul': '{{#label}} must not contain NUL characters',
      'string.surrogate': '{{#label}} must be well-formed Unicode',
    },
    // PostgreSQL's `text` cannot store either of these.
    validate(value: unknown, helpers: CustomHelpers) {
      if (typeof value !== 'string') return { value };
      if (value.includes('\0')) return { value, errors: [helpers.error('string.nul')] };
      return isWellFormed(value) ? { value } : { value, errors: [helpers.error('string.surrogate')] };
    },
  },
) as typeof JoiBase;

function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

export const id = (): NumberSchema => Joi.number().integer().min(1).max(INT4_MAX);

/** `example`: an id in the demo data, where 1 is none. */
export const idParams = <K extends string = 'id'>(
  name: K = 'id' as K,
  example?: number,
): ObjectSchema<Record<K, number>> =>
  Joi.object<Record<K, number>, true>({
    [name]: example === undefined ? id().required() : id().required().example(example),
  } as never);

/** A name of a person or thing, as one line of plain text; it appears in mail to other people. */
export const plainName = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .custom((value: string, helpers) => {
      const problem = findNameProblem(value);
      return problem ? helpers.message({ custom: `{{#label}} ${problem}` }) : value;
    })
    .description('Plain text: no links or web addresses, no control or invisible characters');

export const UNSEEN_MESSAGE = '{{#label}} must not contain control, invisible or direction characters';

/** One line that people read as it is written; unlike a name, it can contain a link. */
export const plainLine = (max: number) =>
  Joi.string()
    .trim()
    .max(max)
    .custom((value: string, helpers) =>
      hasUnseenCharacters(value) ? helpers.message({ custom: UNSEEN_MESSAGE }) : value,
    );

const MAX_EMAIL = 254;
const plainAddress = JoiBase.string().email({ tlds: false }).max(MAX_EMAIL);

/** An email address to sign in with, normalized so that equivalent spellings are equal. */
export const spelledAddress = () =>
  Joi.string()
    .trim()
    .lowercase()
    .max(MAX_EMAIL)
    .email({ tlds: false })
    .custom((value: string, helpers) => {
      const parsed = parseAddress(value);
      if ('problem' in parsed) return helpers.message({ custom: `{{#label}} ${parsed.problem}` });
      return plainAddress.validate(parsed.address).error ? helpers.error('string.email') : parsed.address;
    });

/** An email address for an account or recipient; placeholders of erased addresses are rejected. */
export const emailAddress = () =>
  spelledAddress().custom((value: string, helpers) =>
    isErasedAddress(value) ? helpers.message({ custom: '{{#label}} must be an address that can receive mail' }) : value,
  );

/** True if the day in an ISO 8601 text exists; a Date would turn February 30 into March 2. */
function isRealDay(text: string): boolean {
  const [, year, month, day] = /^([+-]?\d{4,6})-?(\d\d)-?(\d\d)/.exec(text) ?? [];
  if (day === undefined) return true;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

const OFFSET = /(Z|[+-]\d\d:?\d\d)$/i;

/** A time in a request, as ISO 8601 with an offset; becomes a Date. */
export const time = () => {
  const schema = Joi.string()
    .isoDate()
    .custom((value: string, helpers) => {
      const date = new Date(value);
      // `isoDate` has already reported this.
      if (Number.isNaN(date.getTime())) return value;
      if (!isRealDay(String(helpers.original).trim()))
        return helpers.message({ custom: '{{#label}} must be a day that exists' });
      const year = date.getUTCFullYear();
      // Joi has already normalized `value`; only the original shows whether it had an offset.
      if (!OFFSET.test(String(helpers.original).trim()))
        return helpers.message({ custom: '{{#label}} must have a time and an offset, such as 2030-01-31T20:00:00Z' });
      return year >= 1900 && year < 10_000 ? date : helpers.error('string.isoDate');
    })
    .description('A time in ISO 8601 with an offset');
  return schema as unknown as DateSchema<Date>;
};

/** The name of a time zone in a request; becomes its canonical spelling. */
export const timeZone = () =>
  Joi.string()
    .max(64)
    .custom(
      (name: string, helpers) =>
        spellTimeZone(name) ??
        helpers.message({ custom: '{{#label}} must be the IANA name of a time zone, such as Europe/Istanbul' }),
    );

const AMOUNT = /^\d{1,10}(\.\d{1,3})?$/;
const AMOUNT_RULE = 'must be an amount such as 25.00: at most 10 digits and 3 decimals, not negative';

const amount = () =>
  Joi.alternatives()
    .try(Joi.string().pattern(AMOUNT, 'an amount such as 25.00'), Joi.number().unsafe())
    .messages({
      'alternatives.match': `{{#label}} ${AMOUNT_RULE}`,
      'alternatives.types': `{{#label}} ${AMOUNT_RULE}`,
    });

/** A nonnegative amount in a request, as a decimal string or a number; becomes a string. */
export const money = () => {
  const schema = amount()
    .custom((value: string | number, helpers) => {
      const text = String(value);
      return AMOUNT.test(text) ? text : helpers.message({ custom: `{{#label}} ${AMOUNT_RULE}` });
    })
    .meta({ isAmount: true })
    .description('A decimal amount, such as "25.00"');
  // Typed by its output; the rules above decide what input is accepted.
  return schema as unknown as StringSchema<string>;
};

const SIGNED_AMOUNT = /^-?\d{1,10}(\.\d{1,3})?$/;
const SIGNED_AMOUNT_RULE = 'must be an amount such as 25.00 or -25.00: at most 10 digits and 3 decimals';

/** An amount that may be negative, as a decimal string or a number; becomes a string. */
export const signedMoney = () =>
  Joi.alternatives()
    .try(Joi.string().pattern(SIGNED_AMOUNT, 'an amount such as -25.00'), Joi.number().unsafe())
    .messages({
      'alternatives.match': `{{#label}} ${SIGNED_AMOUNT_RULE}`,
      'alternatives.types': `{{#label}} ${SIGNED_AMOUNT_RULE}`,
    })
    .custom((value: string | number, helpers) => {
      const text = String(value);
      return SIGNED_AMOUNT.test(text) ? text : helpers.message({ custom: `{{#label}} ${SIGNED_AMOUNT_RULE}` });
    })
    .meta({ isAmount: true }) as unknown as StringSchema<string>;

/** An amount or another number. Keeps the type that was sent, so that the service can reject a number sent as a string. */
export const moneyOrNumber = () =>
  amount()
    .meta({ isAmount: true })
    .custom((value: string | number, helpers) => {
      if (!AMOUNT.test(String(value))) return helpers.message({ custom: `{{#label}} ${AMOUNT_RULE}` });
      // Forms contain only text.
      return (helpers as CoercionHelpers).prefs.context?.text === true ? Number(value) : value;
    });

export interface Paging {
  page: number;
  limit: number;
}

/** Returns the keys `page` and `limit` of a list's query. */
export const pagingKeys = () => ({
  page: Joi.number().integer().min(1).max(1_000_000).default(1),
  limit: Joi.number().integer().min(1).max(100).default(20),
});

export const sortKeys = (fields: string[], fallback: string) => ({
  sort: Joi.string()
    .valid(...fields)
    .default(fallback),
  order: Joi.string().valid('asc', 'desc'),
});

export { BOOKING_STATUSES, EVENT_STATUSES, PRODUCT_STATUSES, PRODUCT_TYPES } from '../lib/statuses';

// Parts of response schemas.
export const outId = () => Joi.number().integer().required();
export const outIdOrNull = () => Joi.number().integer().allow(null).required();
export const outText = () => Joi.string().allow('').required();
export const outTextOrNull = () => Joi.string().allow('', null).required();
export const outTime = () => Joi.string().isoDate().required();
export const outTimeOrNull = () => Joi.string().isoDate().allow(null).required();
export const outMoney = () =>
  Joi.string()
    .pattern(/^-?\d+(\.\d+)?$/)
    .required();
export const outMoneyOrNull = () => outMoney().allow(null);
export const outCount = () => Joi.number().integer().required();
export const outCountOrNull = () => Joi.number().integer().allow(null).required();
export const outFlag = () => Joi.boolean().required();
export const outObject = (keys: Record<string, Schema>) => Joi.object(keys).required();
/** Its entries are optional: Joi refuses an empty list of required ones. */
export const outList = (entry: Schema) => Joi.array().items(entry.optional()).required();
