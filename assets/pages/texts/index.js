import { texts as deAccount } from './de/account.js';
import { texts as de } from './de/common.js';
import { texts as deDesk } from './de/desk.js';
import { texts as deScan } from './de/scan.js';
import { texts as enAccount } from './en/account.js';
import { texts as en } from './en/common.js';
import { texts as enDesk } from './en/desk.js';
import { texts as enScan } from './en/scan.js';

/** All texts, for the server; a browser loads those of its page and language. */
export const textsByLanguage = {
  en: { ...en, account: enAccount, desk: enDesk, scan: enScan },
  de: { ...de, account: deAccount, desk: deDesk, scan: deScan },
};
