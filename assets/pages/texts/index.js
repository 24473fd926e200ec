import { texts as deAccount } from './de/account.js';
import { texts as de } from './de/common.js';
import { texts as deDesk } from './de/desk.js';
import { texts as enAccount } from './en/account.js';
import { texts as en } from './en/common.js';
import { texts as enDesk } from './en/desk.js';

/** All texts, for the server; a browser loads those of its page and language. */
export const textsByLanguage = {
  en: { ...en, account: enAccount, desk: enDesk },
  de: { ...de, account: deAccount, desk: deDesk },
};
