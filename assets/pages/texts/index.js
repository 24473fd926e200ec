import { texts as deAccount } from './de/account.js';
import { texts as de } from './de/common.js';
import { texts as deDesk } from './de/desk.js';
import { texts as dePurchases } from './de/purchases.js';
import { texts as deScan } from './de/scan.js';
import { texts as deStore } from './de/store.js';
import { texts as deSupport } from './de/support.js';
import { texts as deWithdrawal } from './de/withdrawal.js';
import { texts as enAccount } from './en/account.js';
import { texts as en } from './en/common.js';
import { texts as enDesk } from './en/desk.js';
import { texts as enPurchases } from './en/purchases.js';
import { texts as enScan } from './en/scan.js';
import { texts as enStore } from './en/store.js';
import { texts as enSupport } from './en/support.js';
import { texts as enWithdrawal } from './en/withdrawal.js';

/** All texts, for the server; a browser loads those of its page and language. */
export const textsByLanguage = {
  en: {
    ...en,
    account: enAccount,
    desk: enDesk,
    purchases: enPurchases,
    scan: enScan,
    store: enStore,
    support: enSupport,
    withdrawal: enWithdrawal,
  },
  de: {
    ...de,
    account: deAccount,
    desk: deDesk,
    purchases: dePurchases,
    scan: deScan,
    store: deStore,
    support: deSupport,
    withdrawal: deWithdrawal,
  },
};
