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

/** @param {string} language @param {string} timeZone @param {Intl.DateTimeFormatOptions} options */
function createDateFormat(language, timeZone, options) {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { timeZone, ...options });
}

/** Functions that format values in the language of the page; times are in the zone of the venue unless there is none. */
export function useFormat() {
  const { language } = useTexts();
  /** @type {(time: string, timeZone: string, options: Intl.DateTimeFormatOptions) => string} */
  const format = (time, timeZone, options) => createDateFormat(language, timeZone, options).format(new Date(time));
  return {
    /** @param {string | number} amount @param {string} currency */
    money: (amount, currency) =>
      new Intl.NumberFormat(language, { style: 'currency', currency }).format(/** @type {any} */ (amount)),
    /** @param {number | null} value */
    count: (value) => new Intl.NumberFormat(language).format(value ?? 0),
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
      time === null
        ? ''
        : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time)),
  };
}
