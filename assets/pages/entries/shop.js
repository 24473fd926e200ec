import { texts as store } from '#texts/store.js';
import { start } from '../lib/start.js';
import { ShopPage } from '../views/shop-page.js';

start(ShopPage, { store });
