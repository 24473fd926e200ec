import { isDeepStrictEqual } from 'node:util';
import { runInTransaction, type Trx } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { assertVersion } from '../../lib/version-tag';
import {
  PRODUCT_FIELDS,
  updateProduct as updateRow,
  type ProductRow,
  type ProductValues,
} from '../../models/products/products';
import { bumpListVersion } from '../../runtime/list-version';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { isSameAmount } from '../events/event-prices';
import { assertVerifiedEmail } from '../users/accounts';
import { getProduct, type TaggedProduct } from './get-product';
import { setStock } from './move-stock';
import { lockProductSale } from './product-access';
import { assertReferences, completeValues, type ProductInput } from './product-rules';

export type UpdateProduct = Partial<ProductInput & { stock: number | null }>;

interface Update {
  productId: number;
  /** The ETag that the product must still have; only its version is compared. */
  ifMatch: string | undefined;
  changes: UpdateProduct;
}

const AMOUNTS: ReadonlySet<string> = new Set<keyof ProductValues>(['price', 'creditAmount']);

function isSame(name: string, before: unknown, after: unknown): boolean {
  const areAmounts = AMOUNTS.has(name) && before !== null && after !== null;
  return areAmounts ? isSameAmount(String(before), String(after)) : isDeepStrictEqual(before, after);
}

/** What a product of another type has no use for is dropped, unless it was sent. */
function getBase(product: ProductRow, { productType = product.productType }: UpdateProduct): ProductInput {
  return {
    ...product,
    fileId: productType === 'digital' ? product.fileId : null,
    licensePolicy: productType === 'license' ? product.licensePolicy : null,
    creditAmount: productType === 'credit' ? product.creditAmount : null,
  };
}

/** Returns the values that change. @throws AppError VALIDATION_ERROR */
function getChangedValues(product: ProductRow, { stock: _stock, ...changes }: UpdateProduct): Partial<ProductValues> {
  const base = getBase(product, changes);
  const licensePolicy = changes.licensePolicy && { ...base.licensePolicy, ...changes.licensePolicy };
  const values = completeValues({ ...base, ...changes, ...(licensePolicy && { licensePolicy }) });
  const changed = PRODUCT_FIELDS.filter((name) => !isSame(name, product[name], values[name]));
  return Object.fromEntries(changed.map((name) => [name, values[name]])) as Partial<ProductValues>;
}

/** Orders say what was sold, and licenses and downloads follow from it. @throws AppError VALIDATION_ERROR */
function assertSoldStaysSold(product: ProductRow, values: Partial<ProductValues>): void {
  if (!product.wasSold && product.held === 0) return;
  for (const name of ['productType', 'currency'] as const)
    if (values[name] !== undefined) throw createValidationError(name, 'cannot change once the product was sold');
  if (values.status === 'draft')
    throw createValidationError('status', 'a product that was sold cannot become a draft again: archive it');
}

async function applyUpdate(trx: Trx, actor: Actor, product: ProductRow, changes: UpdateProduct): Promise<void> {
  const values = getChangedValues(product, changes);
  assertSoldStaysSold(product, values);
  if (values.status === 'active') await assertVerifiedEmail(trx, actor.userId);
  const { eventId, fileId } = values;
  await assertReferences(trx, actor, { organizerId: product.organizerId, eventId, fileId });
  const { stock = product.stock } = changes;
  if (stock !== product.stock) await setStock(trx, actor, { product, stock, reason: 'Set with the product' });
  const isChanged = Object.keys(values).length > 0 || stock !== product.stock;
  if (!isChanged) return;
  await updateRow(trx, product.id, values);
  await recordActivity(trx, actor, {
    action: 'product.update',
    subjectId: product.id,
    details: getDifferences(product, { ...values, stock }),
  });
}

/**
 * Changes the given fields of a product. Orders keep what they were made with.
 * @throws AppError NOT_FOUND, FORBIDDEN, EMAIL_NOT_VERIFIED, PRODUCT_EXISTS, STOCK_BELOW_HELD, PRECONDITION_FAILED, VALIDATION_ERROR
 */
export async function updateProduct(actor: Actor, { productId, ifMatch, changes }: Update): Promise<TaggedProduct> {
  await runInTransaction(async (trx) => {
    const product = await lockProductSale(trx, actor, productId);
    assertVersion(ifMatch, product.version);
    await applyUpdate(trx, actor, product, changes);
  });
  bumpListVersion();
  return getProduct(actor, productId);
}
