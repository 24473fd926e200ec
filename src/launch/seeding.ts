import { rebuildAnalytics } from '../services/analytics/count-analytics';
import { showDemoCovers } from './demo-covers';

/** What demo data brings besides its rows: pictures, and figures, since it is older than what a running worker has counted. */
export async function finishSeeding(): Promise<void> {
  await showDemoCovers();
  await rebuildAnalytics();
}
