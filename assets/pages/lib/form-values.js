// What the fields of a form show, and what the API gets.
import { getTimeZone, toLocalTime, toMoment } from './zoned-time.js';

/**
 * @typedef {object} FormFieldType
 * @property {string} name of a key of the request
 * @property {string} label
 * @property {'text' | 'list' | 'textarea' | 'email' | 'number' | 'money' | 'datetime' | 'select' | 'checkbox' | 'file'} [type] a list is words separated by commas
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {[value: string, label: string][]} [options] of a select
 * @property {boolean} [isId] the API gets the value of a select as a number
 * @property {string | ((values: Record<string, any>) => string)} [timeZone] of a date-time; the browser's unless it says otherwise
 * @property {(values: Record<string, any>) => boolean} [isShown] hidden fields are not sent
 * @property {Record<string, any>} [attributes] more attributes of the input, such as `maxlength`
 */

/** @param {FormFieldType} field @param {Record<string, any>} values */
export const getFieldZone = ({ timeZone }, values) =>
  (typeof timeZone === 'function' ? timeZone(values) : timeZone) || getTimeZone();

/** @param {FormFieldType} field @param {any} value as the API has it @param {Record<string, any>} [values] */
export function toInput(field, value, values = {}) {
  switch (field.type) {
    case 'checkbox':
      return value === true;
    case 'datetime':
      return toLocalTime(value, getFieldZone(field, values));
    case 'file':
      return null;
    case 'list':
      return (value ?? []).join(', ');
    case 'select':
      return String(value ?? field.options?.[0]?.[0] ?? '');
    default:
      return value === null || value === undefined ? '' : String(value);
  }
}

/** @param {string} text */
const toWords = (text) => [
  ...new Set(
    text
      .split(',')
      .map((word) => word.trim())
      .filter(Boolean),
  ),
];

/** @param {FormFieldType} field @param {any} input @param {Record<string, any>} values */
export function fromInput(field, input, values) {
  if (field.type === 'checkbox' || field.type === 'file') return input;
  if (field.type === 'list') return toWords(input);
  const text = field.type === 'textarea' ? input : input.trim();
  if (text === '') return null;
  if (field.type === 'number' || field.isId) return Number(text);
  if (field.type === 'money') return text.replace(',', '.');
  if (field.type === 'datetime') return toMoment(text, getFieldZone(field, values));
  return text;
}

/** Leaves out what was not filled in. @param {Record<string, any>} body */
export const withoutEmpty = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** Returns a body with files. @param {Record<string, any>} body */
export function toFormData(body) {
  const data = new FormData();
  for (const [name, value] of Object.entries(withoutEmpty(body)))
    data.append(name, value instanceof File ? value : String(value));
  return data;
}
