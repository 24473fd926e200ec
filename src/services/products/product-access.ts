import type { Db, Trx } from '../../database';
import { AppError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import {
  findProduct,
  findProductBySlug,
  lockInventory,
  lockProduct,
  type ProductRow,
} from '../../models/products/products';

function assertVisible(actor: Actor | undefined, product: ProductRow | undefined): ProductRow {
  if (!product || (product.status === 'draft' && !mayManage(actor, product.organizerId)))
    throw new AppError('NOT_FOUND', 'Product not found.');
  return product;
}

function assertManaged(actor: Actor, product: ProductRow | undefined): ProductRow {
  const visible = assertVisible(actor, product);
  if (!mayManage(actor, visible.organizerId))
    throw new AppError('FORBIDDEN', 'Only the organizer of this product may do this.');
  return visible;
}

/** Finds a product by its id or slug. @throws AppError NOT_FOUND, also for drafts of others */
export async function getVisibleProduct(
  db: Db,
  actor: Actor | undefined,
  idOrSlug: number | string,
): Promise<ProductRow> {
  const product =
    typeof idOrSlug === 'number' ? await findProduct(db, idOrSlug) : await findProductBySlug(db, idOrSlug);
  return assertVisible(actor, product);
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function getManagedProduct(db: Db, actor: Actor, id: number): Promise<ProductRow> {
  return assertManaged(actor, await findProduct(db, id));
}

/** Step: locks the product against other changes. @throws AppError NOT_FOUND, FORBIDDEN */
async function lockManagedProduct(trx: Trx, actor: Actor, id: number): Promise<ProductRow> {
  return assertManaged(actor, await lockProduct(trx, id));
}

/** Step: locks the product against other changes and against sales. @throws AppError NOT_FOUND, FORBIDDEN */
export async function lockProductSale(trx: Trx, actor: Actor, id: number): Promise<ProductRow> {
  // Checked before locking, so that a request without permission cannot hold up a sale.
  await getManagedProduct(trx, actor, id);
  await lockInventory(trx, id);
  return lockManagedProduct(trx, actor, id);
}
