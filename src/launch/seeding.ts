import { rebuildAnalytics } from '../services/analytics/count-analytics';
import { showDemoCovers } from './demo-covers';

/** Finishes seeding: uploads covers and rebuilds analytics, since the demo data is older than what a running worker has counted. */
export async function finishSeeding(): Promise<void> {
  await showDemoCovers();
  await rebuildAnalytics();
}
