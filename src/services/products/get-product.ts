import { database } from '../../database';
import type { Actor, Caller } from '../../lib/actor';
import { createVersionTag } from '../../lib/version-tag';
import { countView } from './count-views';
import { presentProduct, type Product } from './present-product';
import { getVisibleProduct } from './product-access';

export interface TaggedProduct {
  product: Product;
  etag: string;
}

/** Returns a product by its id or slug. @throws AppError NOT_FOUND, also for drafts of others */
export async function getProduct(actor: Actor | undefined, idOrSlug: number | string): Promise<TaggedProduct> {
  const row = await getVisibleProduct(database, actor, idOrSlug);
  const product = presentProduct(row, actor);
  return { product, etag: createVersionTag(row.version, product) };
}

/** Returns a product and counts the view. @throws AppError NOT_FOUND, also for drafts of others */
export async function viewProduct(
  actor: Actor | undefined,
  { idOrSlug, caller }: { idOrSlug: number | string; caller: Caller },
): Promise<TaggedProduct> {
  const found = await getProduct(actor, idOrSlug);
  countView(found.product, { actor, caller });
  return found;
}
