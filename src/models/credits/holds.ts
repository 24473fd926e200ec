import type { Db, Trx } from '../../database';
import type { LotPart } from '../../lib/money/credit-lots';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { bool, decimal, execute, int4, ms, orNull, query, statement, text } from '../statement';
import type { CreditAccount } from './balances';

export interface CreditHoldRow extends CreditAccount {
  id: number;
  orderId: number;
  amount: string;
  status: 'held' | 'captured' | 'released';
}

const COLUMNS = {
  id: 'id',
  orderId: 'order_id',
  userId: 'user_id',
  currency: 'currency',
  amount: 'amount',
  status: 'status',
} as const;

/** Returns the hold of an order that is not released. */
export async function findHold(db: Db, orderId: number): Promise<CreditHoldRow | undefined> {
  return db('credit_holds').where({ order_id: orderId }).whereIn('status', ['held', 'captured']).first(COLUMNS);
}

/** Lists whose credits these orders hold. */
export async function listHoldAccounts(db: Db, orderIds: number[]): Promise<CreditAccount[]> {
  return db('credit_holds')
    .whereIn('order_id', orderIds)
    .whereIn('status', ['held', 'captured'])
    .select({ userId: 'user_id', currency: 'currency' });
}

const bindParts = (parts: LotPart[]) => ({
  lotIds: toNumberArray(parts.map(({ lotId }) => lotId)),
  amounts: toTextArray(parts.map(({ amount }) => amount)),
});

const INSERT = statement({
  name: 'credits-insert-hold',
  columns: {},
  sql: () => `
  WITH parts AS MATERIALIZED (
    SELECT lot_id, amount
    FROM unnest(:lotIds::int[], :amounts::numeric[]) AS p(lot_id, amount)
  ), hold AS (
    INSERT INTO credit_holds (order_id, user_id, currency, amount)
    VALUES (:orderId, :userId, :currency, :amount)
    RETURNING id
  ), taken AS (
    UPDATE credit_lots l
    SET remaining = l.remaining - p.amount
    FROM parts p
    WHERE l.id = p.lot_id
  )
  INSERT INTO credit_hold_lots (hold_id, lot_id, amount)
  SELECT hold.id, p.lot_id, p.amount
  FROM hold
  CROSS JOIN parts p`,
});

/** Inserts a hold and takes its parts from their lots. */
export async function insertHold(
  trx: Trx,
  { parts, ...hold }: Pick<CreditHoldRow, 'orderId' | 'userId' | 'currency' | 'amount'> & { parts: LotPart[] },
): Promise<void> {
  await execute(trx, INSERT, { ...hold, ...bindParts(parts) });
}

export async function updateHoldCaptured(trx: Trx, id: number): Promise<void> {
  await trx('credit_holds').where({ id }).update({ status: 'captured', captured_at: trx.fn.now() });
}

const GIVE_BACK = statement({
  name: 'credits-give-back-to-lots',
  columns: {},
  sql: () => `
  UPDATE credit_lots l
  SET remaining = l.remaining + p.amount
  FROM credit_hold_lots p
  WHERE p.hold_id = :id AND l.id = p.lot_id`,
});

/** Releases a hold: its lots get back what they gave. */
export async function updateHoldReleased(trx: Trx, id: number): Promise<void> {
  await trx('credit_holds').where({ id }).update({ status: 'released', released_at: trx.fn.now() });
  await execute(trx, GIVE_BACK, { id });
}

/** Has credits pay all of an order that was just marked as paid; a trigger refuses anything else. */
export async function updateCreditsApplied(trx: Trx, orderId: number, amount: string): Promise<void> {
  await trx('orders').where({ id: orderId }).update({ credits_applied: amount });
}

const PARTS = statement({
  name: 'credits-hold-parts',
  columns: {
    id: int4('p.lot_id'),
    isGranted: bool('l.is_granted'),
    // What of it was not refunded yet.
    remaining: decimal('(p.amount - p.refunded)'),
    expiresAt: orNull(ms('l.expires_at')),
    currency: text('l.currency'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_hold_lots p
  JOIN credit_lots l ON l.id = p.lot_id
  WHERE p.hold_id = :holdId AND p.amount > p.refunded`,
});

/** Lists what a hold took from each lot and was not refunded yet. */
export async function listHoldParts(db: Db, holdId: number) {
  return query(db, PARTS, { holdId });
}

const REFUND = statement({
  name: 'credits-refund-hold-parts',
  columns: {},
  sql: () => `
  UPDATE credit_hold_lots h
  SET refunded = h.refunded + p.amount
  FROM unnest(:lotIds::int[], :amounts::numeric[]) AS p(lot_id, amount)
  WHERE h.hold_id = :holdId AND h.lot_id = p.lot_id`,
});

export async function updateRefundedParts(trx: Trx, holdId: number, parts: LotPart[]): Promise<void> {
  await execute(trx, REFUND, { holdId, ...bindParts(parts) });
}
