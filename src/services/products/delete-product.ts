import { runInTransaction, type Trx } from '../../database';
import type { Actor } from '../../lib/actor';
import {
  archiveProducts,
  deleteProduct as deleteRow,
  updateProduct as updateRow,
} from '../../models/products/products';
import { listImages } from '../../models/products/product-images';
import { bumpListVersion } from '../../runtime/list-version';
import { recordActivity } from '../audit/record-activity';
import { replaceFile } from '../files/manage-files';
import { lockProductSale } from './product-access';

/** Deletes a product with its images. One that was ever sold, or is held by an order, is archived instead. @throws AppError NOT_FOUND, FORBIDDEN */
export async function deleteProduct(actor: Actor, productId: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const product = await lockProductSale(trx, actor, productId);
    const subject = { subjectId: productId, details: { name: product.name } };
    if (product.wasSold || product.held > 0) {
      await updateRow(trx, productId, { status: 'archived' });
      await recordActivity(trx, actor, { ...subject, action: 'product.archive' });
      return;
    }
    for (const { key } of await listImages(trx, productId)) await replaceFile(trx, actor, key);
    await deleteRow(trx, productId);
    await recordActivity(trx, actor, { ...subject, action: 'product.delete' });
  });
  bumpListVersion();
}

/** Step: ends the sale of all products of a user, whose files can then be deleted. */
export async function archiveProductsOfUser(trx: Trx, userId: number): Promise<void> {
  await archiveProducts(trx, userId);
}
