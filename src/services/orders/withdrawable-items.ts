import { config } from '../../config';
import type { Db } from '../../database';
import type { OrderRow } from '../../models/orders/orders';
import { listWithdrawalFacts, type WithdrawalFacts } from '../../models/orders/withdrawals';
import { listLicenseUnits } from '../licenses/revoke-licenses';
import { getRefundableItems, type RefundableItem } from './item-refunds';

const DAY_MS = 24 * 60 * 60_000;

/** Why units of an item cannot be withdrawn. */
export type Exclusion = 'EVENT_TICKET' | 'LICENSE_ACTIVATED' | 'DOWNLOADED' | 'PERIOD_OVER' | 'RETURNED';

type Item = RefundableItem & Pick<WithdrawalFacts, 'sent' | 'lastSentAt' | 'isDownloaded'>;

export interface WithdrawableItem {
  item: Item;
  /** How many of its units can be withdrawn now. */
  withdrawable: number;
  /** Until when, in milliseconds since the epoch; null before it is sent, and for what can never be withdrawn. */
  until: number | null;
  /** Why the other units cannot be withdrawn; null if all can. */
  reason: Exclusion | null;
}

const countLeft = ({ quantity, refundedQuantity }: Item): number => quantity - refundedQuantity;

/** Returns when the period of an item began: when the last of what its seller sends was sent, or at the payment. */
function getStart(item: Item, items: Item[], { paidAt, createdAt }: OrderRow): number | null {
  if (item.productType !== 'physical') return paidAt ?? createdAt;
  const parcel = items.filter((each) => each.productType === 'physical' && each.sellerId === item.sellerId);
  if (parcel.some((each) => countLeft(each) > each.sent)) return null;
  return parcel.reduce<number | null>((last, { lastSentAt }) => Math.max(last ?? 0, lastSentAt ?? 0) || null, null);
}

/** Returns how many of the units that are left the law excludes, and why. */
function getExcluded(item: Item, activated: number): { count: number; reason: Exclusion } | undefined {
  if (item.kind === 'ticket') return { count: countLeft(item), reason: 'EVENT_TICKET' };
  if (item.productType === 'license' && activated > 0) return { count: activated, reason: 'LICENSE_ACTIVATED' };
  if (item.isDownloaded) return { count: countLeft(item), reason: 'DOWNLOADED' };
  return undefined;
}

/** Read: returns what of an order can be withdrawn, until when, and why the rest cannot. Shipping follows the goods. */
export async function getWithdrawableItems(db: Db, order: OrderRow): Promise<WithdrawableItem[]> {
  const facts = new Map((await listWithdrawalFacts(db, order.id)).map((row) => [row.itemId, row]));
  const items = (await getRefundableItems(db, order.id)).map((item): Item => ({ ...facts.get(item.id)!, ...item }));
  const hasLicenses = items.some(({ productType }) => productType === 'license');
  const units = hasLicenses ? await listLicenseUnits(db, order.id) : [];
  const countActivated = ({ id }: Item): number =>
    units.filter(({ position, isActivated, status }) => position === id && isActivated && status !== 'revoked').length;

  return items
    .filter(({ kind }) => kind !== 'shipping')
    .map((item): WithdrawableItem => {
      const left = countLeft(item);
      if (left === 0) return { item, withdrawable: 0, until: null, reason: 'RETURNED' };
      const excluded = getExcluded(item, countActivated(item));
      const free = Math.max(0, left - (excluded?.count ?? 0));
      if (free === 0) return { item, withdrawable: 0, until: null, reason: excluded!.reason };
      const start = getStart(item, items, order);
      const until = start === null ? null : start + config.withdrawalDays * DAY_MS;
      if (until !== null && until <= Date.now()) return { item, withdrawable: 0, until, reason: 'PERIOD_OVER' };
      const returned = left < item.quantity ? 'RETURNED' : null;
      return { item, withdrawable: free, until, reason: excluded?.reason ?? returned };
    });
}

/** Read: returns the shipping that is paid back with these units, since no goods are left of the order then. */
export async function listShippingToReturn(
  db: Db,
  { id: orderId }: Pick<OrderRow, 'id'>,
  withdrawn: { item: { id: number }; quantity: number }[],
): Promise<RefundableItem[]> {
  const items = await getRefundableItems(db, orderId);
  const quantityOf = new Map(withdrawn.map(({ item, quantity }) => [item.id, quantity]));
  const goods = items.filter(({ productType }) => productType === 'physical');
  const isAffected = goods.some(({ id }) => quantityOf.has(id));
  const isEmpty = goods.every(
    ({ id, quantity, refundedQuantity }) => quantity - refundedQuantity - (quantityOf.get(id) ?? 0) === 0,
  );
  const isLeft = ({ kind, quantity, refundedQuantity }: RefundableItem): boolean =>
    kind === 'shipping' && refundedQuantity < quantity;
  return isAffected && isEmpty ? items.filter(isLeft) : [];
}
