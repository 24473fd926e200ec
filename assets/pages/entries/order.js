import { texts as store } from '#texts/store.js';
import { start } from '../lib/start.js';
import { OrderPage } from '../views/order-page.js';

start(OrderPage, { store });
