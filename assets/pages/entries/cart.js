import { texts as store } from '#texts/store.js';
import { start } from '../lib/start.js';
import { CartPage } from '../views/cart-page.js';

start(CartPage, { store });
