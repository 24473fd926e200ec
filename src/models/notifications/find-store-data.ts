import type { Db } from '../../database';
import { bytea, decimal, int4, json, ms, orNull, query, statement, text, type ResultOf } from '../statement';
import { RECIPIENT as recipient } from './find-notification-data';
import type { Recipient } from './notification-data';

/** The items of an order that were sent or withdrawn, from the table of one or the other. */
const listedItems = (table: string, isOwn: string) =>
  json<{ name: string; quantity: number }[]>(`(
      SELECT json_agg(json_build_object('name', i.name, 'quantity', x.quantity) ORDER BY x.position)
      FROM ${table} x
      JOIN order_items i ON i.order_id = x.order_id AND i.position = x.position
      WHERE ${isOwn}
    )`);

const GRANT = statement({
  name: 'notifications-credit-grant',
  columns: {
    amount: decimal('e.amount'),
    currency: text('e.currency'),
    reason: orNull(text('e.reason')),
    expiresAt: orNull(ms('e.expires_at')),
    recipient,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_entries e
  JOIN users u ON u.id = e.user_id
  WHERE e.id = :id`,
});

/** Credits that were given. Times are in milliseconds since the epoch. */
export type CreditGrantNotificationData = ResultOf<typeof GRANT>;

export async function findCreditGrantNotificationData(
  db: Db,
  creditEntryId: number,
): Promise<CreditGrantNotificationData | undefined> {
  return (await query(db, GRANT, { id: creditEntryId }))[0];
}

const FULFILLMENT = statement({
  name: 'notifications-fulfillment',
  columns: {
    orderId: int4('o.id'),
    orderNumber: text('o.order_number'),
    items: listedItems('fulfillment_items', 'x.fulfillment_id = f.id'),
    carrier: orNull(text('f.carrier')),
    trackingNumber: orNull(text('f.tracking_number')),
    trackingUrl: orNull(text('f.tracking_url')),
    recipient,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM fulfillments f
  JOIN orders o ON o.id = f.order_id
  JOIN users u ON u.id = o.user_id
  WHERE f.id = :id`,
});

/** Goods that were sent. */
export type FulfillmentNotificationData = ResultOf<typeof FULFILLMENT>;

export async function findFulfillmentNotificationData(
  db: Db,
  fulfillmentId: number,
): Promise<FulfillmentNotificationData | undefined> {
  return (await query(db, FULFILLMENT, { id: fulfillmentId }))[0];
}

const WITHDRAWAL = statement({
  name: 'notifications-withdrawal',
  columns: {
    orderId: int4('o.id'),
    orderNumber: text('o.order_number'),
    items: listedItems('withdrawal_items', 'x.withdrawal_id = w.id'),
    refundAmount: decimal('w.refund_amount'),
    currency: text('o.currency'),
    receivedAt: ms('w.received_at'),
    recipient,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM withdrawals w
  JOIN orders o ON o.id = w.order_id
  JOIN users u ON u.id = o.user_id
  WHERE w.id = :id`,
});

/** What was withdrawn. */
export type WithdrawalNotificationData = ResultOf<typeof WITHDRAWAL>;

export async function findWithdrawalNotificationData(
  db: Db,
  withdrawalId: number,
): Promise<WithdrawalNotificationData | undefined> {
  return (await query(db, WITHDRAWAL, { id: withdrawalId }))[0];
}

const WITHDRAWAL_OF_SELLER = statement({
  name: 'notifications-withdrawal-of-seller',
  columns: {
    orderId: int4('o.id'),
    orderNumber: text('o.order_number'),
    items: listedItems('withdrawal_items', 'x.withdrawal_id = w.id AND i.seller_id = :sellerId'),
    refundAmount: decimal(`(
      SELECT coalesce(sum(x.amount), 0)
      FROM withdrawal_items x
      JOIN order_items i ON i.order_id = x.order_id AND i.position = x.position
      WHERE x.withdrawal_id = w.id AND i.seller_id = :sellerId
    )`),
    currency: text('o.currency'),
    receivedAt: ms('w.received_at'),
    recipient,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM withdrawals w
  JOIN orders o ON o.id = w.order_id
  JOIN users u ON u.id = :sellerId
  WHERE w.id = :id`,
});

/** Finds what was withdrawn of the items of one seller. */
export async function findWithdrawalOfSeller(
  db: Db,
  { withdrawalId, sellerId }: { withdrawalId: number; sellerId: number },
): Promise<WithdrawalNotificationData | undefined> {
  return (await query(db, WITHDRAWAL_OF_SELLER, { id: withdrawalId, sellerId }))[0];
}

const USER = statement({
  name: 'notifications-user',
  columns: { recipient },
  sql: (list) => `
  SELECT
    ${list}
  FROM users u
  WHERE u.id = :userId`,
});

export async function findRecipient(db: Db, userId: number): Promise<Recipient | undefined> {
  return (await query(db, USER, { userId }))[0]?.recipient;
}

const LICENSES = statement({
  name: 'notifications-licenses',
  columns: {
    id: int4('l.id'),
    productName: text('p.name'),
    keyHash: bytea('l.key_hash'),
    encryptedKey: bytea('l.encrypted_key'),
    orderNumber: orNull(text('o.order_number')),
    recipient,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM licenses l
  JOIN products p ON p.id = l.product_id
  JOIN users u ON u.id = l.user_id
  LEFT JOIN orders o ON o.id = l.order_id
  WHERE l.id = ANY (:ids) AND l.status <> 'revoked'
  ORDER BY l.id`,
});

export type LicenseNotificationData = ResultOf<typeof LICENSES>;

/** Lists licenses of one user, without those that were revoked in the meantime. */
export async function listLicenseNotificationData(db: Db, licenseIds: number[]): Promise<LicenseNotificationData[]> {
  return query(db, LICENSES, { ids: licenseIds });
}
