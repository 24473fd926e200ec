import { database, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { INT4_MAX } from '../../lib/ids';
import { getOffset, toPage } from '../../lib/paging';
import type { ProductRow } from '../../models/products/products';
import { insertMovement, listMovements, MAX_COUNTED_MOVEMENTS, type MovementRow } from '../../models/products/stock';
import { bumpListVersion } from '../../runtime/list-version';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { getProduct, type TaggedProduct } from './get-product';
import { getManagedProduct, lockProductSale } from './product-access';

export interface MoveStock {
  productId: number;
  delta: number;
  reason: string;
}

interface StockChange {
  /** The stock afterwards; null: unlimited. */
  stock: number | null;
  reason: string;
}

/** Step: sets the stock of a product whose sale is locked. @throws AppError VALIDATION_ERROR, STOCK_BELOW_HELD */
export async function setStock(
  trx: Trx,
  actor: Actor,
  { product, stock, reason }: StockChange & { product: ProductRow },
): Promise<void> {
  const { id: productId, held, sold } = product;
  const movement = { productId, reason, userId: actor.userId };
  if (stock === null) return insertMovement(trx, movement);
  if (stock > INT4_MAX) throw createValidationError('delta', `must not bring the stock above ${INT4_MAX}`);
  if (stock < held + sold) {
    const message = `must not bring the stock below the ${sold} units sold and the ${held} held`;
    throw new AppError('STOCK_BELOW_HELD', undefined, { details: [{ path: 'stock', message, sold, held }] });
  }
  await insertMovement(trx, { ...movement, delta: stock - (product.stock ?? 0) });
}

/**
 * Adds units to the stock of a product, or takes some out.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, STOCK_BELOW_HELD
 */
export async function moveStock(actor: Actor, { productId, delta, reason }: MoveStock): Promise<TaggedProduct> {
  await runOnce(actor, async (trx) => {
    const product = await lockProductSale(trx, actor, productId);
    if (product.stock === null)
      throw createValidationError('delta', 'has no effect on an unlimited stock: set `stock` of the product first');
    await setStock(trx, actor, { product, stock: product.stock + delta, reason });
    await recordActivity(trx, actor, {
      action: 'product.move_stock',
      subjectId: productId,
      details: { delta, reason, stock: product.stock + delta },
    });
  });
  bumpListVersion();
  return getProduct(actor, productId);
}

function presentMovement({ userId, firstName, lastName, ...movement }: MovementRow) {
  return { ...movement, user: userId === null ? null : { id: userId, firstName, lastName } };
}

interface ListStockMovements {
  productId: number;
  page: number;
  limit: number;
}

/** Lists who moved the stock of a product, newest first. @throws AppError NOT_FOUND, FORBIDDEN */
export async function listStockMovements(actor: Actor, { productId, ...page }: ListStockMovements) {
  await getManagedProduct(database, actor, productId);
  const { rows, total } = await listMovements(database, { productId, limit: page.limit, offset: getOffset(page) });
  return toPage(rows.map(presentMovement), page, { total, bound: MAX_COUNTED_MOVEMENTS });
}
