import { texts as store } from '#texts/store.js';
import { start } from '../lib/start.js';
import { ProductPage } from '../views/product-page.js';

start(ProductPage, { store });
