import { start } from '../lib/start.js';
import { OrderPage } from '../views/order-page.js';

start(OrderPage);
