import { database, runInTransaction } from '../../database';
import {
  addFacts,
  allowTime,
  awaitAnalyticsLock,
  deleteAnalytics,
  findWatermark,
  findProgress,
  isClockBehindProgress,
  lockAnalytics,
  updateProgress,
} from '../../models/analytics/count-facts';
import { countSnapshot, upsertSnapshot } from '../../models/analytics/snapshots';
import { listPopular } from './popular-events';

const MARGIN_SECONDS = 5;

/** Counts what has happened since the last run, each fact exactly once: see decision 22. */
export async function countAnalytics({ marginSeconds = MARGIN_SECONDS } = {}): Promise<void> {
  await runInTransaction(async (trx) => {
    if (!(await lockAnalytics(trx))) return;
    await allowTime(trx);
    if (await isClockBehindProgress(trx)) await deleteAnalytics(trx);
    const progress = await findProgress(trx);
    const watermark = await findWatermark(trx, marginSeconds);
    await addFacts(trx, progress, watermark);
    await updateProgress(trx, watermark);
  });
}

/** Recounts everything from the rows. The previous figures are served in the meantime. */
export async function rebuildAnalytics({ marginSeconds = MARGIN_SECONDS } = {}): Promise<void> {
  await runInTransaction(async (trx) => {
    await allowTime(trx);
    await awaitAnalyticsLock(trx);
    await deleteAnalytics(trx);
    const watermark = await findWatermark(trx, marginSeconds);
    await addFacts(trx, await findProgress(trx), watermark);
    await updateProgress(trx, watermark);
  });
  await saveSnapshot();
}

/** Saves a snapshot of the current totals for the dashboard. */
export async function saveSnapshot(): Promise<void> {
  const snapshot = await runInTransaction(async (trx) => {
    await allowTime(trx);
    return countSnapshot(trx, 'everybody');
  });
  await upsertSnapshot(database, { ...snapshot, popularEvents: await listPopular('everybody') });
}
