import { texts as account } from '#texts/account.js';
import { start } from '../lib/start.js';
import { AccountPage } from '../views/account-page.js';

start(AccountPage, { account });
