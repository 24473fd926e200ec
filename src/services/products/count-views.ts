import { database, runInTransaction } from '../../database';
import { mayManage, type Actor, type Caller } from '../../lib/actor';
import { repeatInChunks } from '../../lib/chunks';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { logger } from '../../logger';
import { countViews as countRows, deleteExpiredViews, updatePopularity } from '../../models/products/product-views';
import { deriveToken } from '../secrets.service';

const FLUSH_INTERVAL_MS = 250;
// Views beyond this are not counted: more wait only while the database is down, or somebody makes them up.
const MAX_PENDING = 10_000;
const VIEWER_BYTES = 16;

/** Views that are not counted yet, by product and viewer. */
const pending = new Map<string, { productId: number; viewer: string }>();
let timer: NodeJS.Timeout | undefined;
let flushing: Promise<void> = Promise.resolve();

interface Viewed {
  id: number;
  organizerId: number;
}

interface Viewer {
  actor: Actor | undefined;
  caller: Caller;
}

/** A keyed hash of who views which product: it names nobody, and does not tell that two products had the same viewer. */
function hashViewer(productId: number, { actor, caller }: Viewer): string {
  const viewer = actor ? `user ${actor.userId}` : `address ${caller.ip} ${caller.userAgent ?? ''}`;
  return deriveToken('product-view', `${productId} ${viewer}`).subarray(0, VIEWER_BYTES).toString('hex');
}

async function writeViews(): Promise<void> {
  const views = [...pending.values()];
  pending.clear();
  if (views.length === 0) return;
  await countRows(database, {
    productIds: toNumberArray(views.map(({ productId }) => productId)),
    viewers: toTextArray(views.map(({ viewer }) => viewer)),
  }).catch((error: Error) => logger.warn({ err: error, views: views.length }, 'Views of products were not counted'));
}

/** Counts the views that wait for it. Also called before the process stops. */
export function flushViews(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  flushing = flushing.then(writeViews);
  return flushing;
}

/**
 * Counts a view, once per viewer and half hour. Costs the request an entry in a map; the views of a quarter of a second are written together.
 * The product's organizer and admins do not count.
 */
export function countView(product: Viewed, viewer: Viewer): void {
  if (mayManage(viewer.actor, product.organizerId) || pending.size >= MAX_PENDING) return;
  const hash = hashViewer(product.id, viewer);
  pending.set(hash, { productId: product.id, viewer: hash });
  timer ??= setTimeout(() => void flushViews(), FLUSH_INTERVAL_MS).unref();
}

const CHUNK_SIZE = 1000;

/** Forgets who viewed products more than half an hour ago. Returns how many views. */
export async function forgetViewers(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, (limit) => deleteExpiredViews(database, limit));
}

/** Updates the popularity that lists are sorted by where it is too far from what was sold and viewed. Returns how many products it updated. */
export async function refreshProductPopularity(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, (limit) => runInTransaction((trx) => updatePopularity(trx, limit)));
}
