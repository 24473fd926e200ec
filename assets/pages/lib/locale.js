import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** @typedef {typeof import('../texts/index.js').textsByLanguage} TextsByLanguage */
/** @typedef {keyof TextsByLanguage} Language */
/** @typedef {TextsByLanguage['en']} Texts */

/** @type {import('preact').Context<Texts>} */
const Locale = createContext(/** @type {any} */ (undefined));

export const LocaleProvider = Locale.Provider;

/** The texts in the language of the page. */
export const useTexts = () => useContext(Locale);

/** Creating a format takes a phone a millisecond, and lists need the same ones for each row. @type {Map<string, any>} */
const formats = new Map();

/** @template T @param {object} kind @param {() => T} create @returns {T} */
function getFormat(kind, create) {
  const key = JSON.stringify(kind);
  if (!formats.has(key)) formats.set(key, create());
  return formats.get(key);
}

/** @param {string} language @param {Intl.DateTimeFormatOptions} options */
const getDateFormat = (language, options) =>
  getFormat([language, options], () => new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options));

/** @param {string} language @param {string} [currency] */
const getNumberFormat = (language, currency) =>
  getFormat(
    [language, currency],
    () => new Intl.NumberFormat(language, currency ? { style: 'currency', currency } : {}),
  );

/** Functions that format values in the language of the page; times are in the zone of the venue unless there is none. */
export function useFormat() {
  const { language } = useTexts();
  /** @type {(time: string, timeZone: string, options: Intl.DateTimeFormatOptions) => string} */
  const format = (time, timeZone, options) => getDateFormat(language, { timeZone, ...options }).format(new Date(time));
  return {
    /** @param {string | number} amount @param {string} currency */
    money: (amount, currency) => getNumberFormat(language, currency).format(/** @type {any} */ (amount)),
    /** @param {number | null} value */
    count: (value) => getNumberFormat(language).format(value ?? 0),
    /** @param {string} time @param {string} timeZone */
    day: (time, timeZone) =>
      format(time, timeZone, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }),
    /** @param {string} time @param {string} timeZone */
    dayAndTime: (time, timeZone) =>
      format(time, timeZone, {
        weekday: 'short',
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
      }),
    /** @param {string} time @param {string} timeZone */
    clock: (time, timeZone) => format(time, timeZone, { hour: '2-digit', minute: '2-digit' }),
    /** @param {string} time @param {string} timeZone */
    clockWithZone: (time, timeZone) =>
      format(time, timeZone, { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    /** A moment that concerns the reader and not a venue. @param {string | null} time */
    moment: (time) =>
      time === null ? '' : getDateFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time)),
  };
}
