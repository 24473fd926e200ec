import { texts as account } from '#texts/account.js';
import { texts as purchases } from '#texts/purchases.js';
import { texts as support } from '#texts/support.js';
import { start } from '../lib/start.js';
import { AccountPage } from '../views/account-page.js';

start(AccountPage, { account, purchases, support });
