import { texts as withdrawal } from '#texts/withdrawal.js';
import { start } from '../lib/start.js';
import { WithdrawalPage } from '../views/withdrawal-page.js';

start(WithdrawalPage, { withdrawal });
