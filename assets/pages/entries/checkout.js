import { texts as store } from '#texts/store.js';
import { start } from '../lib/start.js';
import { CheckoutPage } from '../views/checkout-page.js';

start(CheckoutPage, { store });
