import { rebuildAnalytics } from '../services/analytics/count-analytics';
import { showDemoCovers } from './demo-covers';
import { giveLicensesToCustomer } from './demo-licenses';
import { makeDemoOrders } from './demo-orders';
import { fillDemoShelves } from './demo-products';

/** Finishes seeding: uploads covers, pictures and downloads, issues licenses, makes orders, and rebuilds analytics, since the demo data is older than what a running worker has counted. */
export async function finishSeeding(): Promise<void> {
  await showDemoCovers();
  await fillDemoShelves();
  await giveLicensesToCustomer();
  await makeDemoOrders();
  await rebuildAnalytics();
}
