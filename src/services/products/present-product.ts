import { mayManage, type Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import type { ImageRow } from '../../models/products/product-images';
import type { ProductRow } from '../../models/products/products';
import { getPublicUrl } from '../files/file-urls';

/** Returns how many units can be bought now; null if unlimited. */
export function countAvailableStock({ stock, held, sold, isOrganizerSuspended }: ProductRow): number | null {
  if (isOrganizerSuspended) return 0;
  return stock === null ? null : stock - held - sold;
}

/** Returns a product as the API shows it to this caller: only its organizer sees which file is downloaded. */
export function presentProduct(row: ProductRow, actor: Actor | undefined) {
  const { id, categoryId, organizerId, currency, creditAmount } = row;
  return {
    id,
    sku: row.sku,
    name: row.name,
    slug: row.slug,
    description: row.description || null,
    productType: row.productType,
    categoryId,
    category: categoryId === null ? null : { id: categoryId, name: row.categoryName, slug: row.categorySlug },
    eventId: row.eventId,
    organizerId,
    price: formatMoney(row.price, currency),
    currency,
    taxRate: row.taxRate,
    taxInclusive: row.taxInclusive,
    stock: row.stock,
    availableStock: countAvailableStock(row),
    maxPerOrder: row.maxPerOrder,
    weightGrams: row.weightGrams,
    fileId: mayManage(actor, organizerId) ? row.fileId : null,
    licensePolicy: row.licensePolicy,
    creditAmount: creditAmount === null ? null : formatMoney(creditAmount, currency),
    images: row.images.map(({ key, altText, ...image }) => ({
      ...image,
      url: getPublicUrl(key),
      altText: altText || null,
    })),
    status: row.status,
    viewsCount: row.viewsCount,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export type Product = ReturnType<typeof presentProduct>;

/** Returns an image as the API shows it on its own. */
export function presentImage({ id, productId, key, altText, position }: ImageRow) {
  return { id, productId, url: getPublicUrl(key), altText: altText || null, position };
}
