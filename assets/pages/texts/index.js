import { texts as deAccount } from './de/account.js';
import { texts as de } from './de/common.js';
import { texts as enAccount } from './en/account.js';
import { texts as en } from './en/common.js';

/** All texts, for the server; a browser loads those of its page and language. */
export const textsByLanguage = {
  en: { ...en, account: enAccount },
  de: { ...de, account: deAccount },
};
