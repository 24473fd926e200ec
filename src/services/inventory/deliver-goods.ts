import type { Trx } from '../../database';
import { listBoughtCredits } from '../../models/credits/bought-credits';
import type { Changes, InventoryState, ProductState, StoreOrderState } from '../../models/inventory/types';
import { grantPurchasedCredits } from '../credits/buy-and-return-credits';
import { issueLicenses } from '../licenses/issue-licenses';

type Products = InventoryState['products'];

const hasGoods = ({ claims }: StoreOrderState, products: Products, type: ProductState['productType']): boolean =>
  claims.some(({ productId }) => products.get(productId)?.productType === type);

/** The orders paid by a batch whose goods are delivered with it. */
export interface Delivery {
  licensed: StoreOrderState[];
  credited: StoreOrderState[];
}

/** Lists the orders that a batch has paid and that have licenses or credits; undefined if there are none. */
export function findDelivery({ checkouts, reclaimedOrders }: Changes, products: Products): Delivery | undefined {
  const paid = [...checkouts.map(({ order }) => order), ...reclaimedOrders].filter(({ hold }) => hold === 'confirmed');
  const licensed = paid.filter((order) => hasGoods(order, products, 'license'));
  const credited = paid.filter((order) => hasGoods(order, products, 'credit'));
  return licensed.length > 0 || credited.length > 0 ? { licensed, credited } : undefined;
}

/** Step: issues the licenses and adds the credits of orders that the batch has paid. Safe to call again. */
export async function deliverGoods(trx: Trx, { licensed, credited }: Delivery, products: Products): Promise<void> {
  const bought =
    credited.length > 0
      ? await listBoughtCredits(
          trx,
          credited.map(({ id }) => id),
        )
      : [];
  for (const purchase of bought) await grantPurchasedCredits(trx, purchase);
  for (const { id: orderId, userId, claims } of licensed) {
    const items = claims.filter(({ productId }) => products.get(productId)?.productType === 'license');
    await issueLicenses(trx, { orderId, userId, items });
  }
}
