import type { Db, Trx } from '../../database';
import type { LotPart } from '../../lib/money/credit-lots';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { decimal, execute, queryOne, statement } from '../statement';
import type { CreditAccount } from './balances';

export const creditEntryKinds = ['purchase', 'grant', 'spend', 'release', 'refund', 'expire', 'adjust'] as const;
export type CreditEntryKind = (typeof creditEntryKinds)[number];

export interface NewEntry extends CreditAccount {
  kind: CreditEntryKind;
  /** Negative for what goes. */
  amount: string;
  orderId?: number | null;
  reason?: string | null;
  expiresAt?: Date | null;
  createdBy?: number | null;
}

export interface CreditEntryRow extends CreditAccount {
  id: number;
  kind: CreditEntryKind;
  amount: string;
  orderId: number | null;
  reason: string | null;
  expiresAt: Date | null;
  createdAt: Date;
}

const COLUMNS = {
  id: 'id',
  userId: 'user_id',
  currency: 'currency',
  kind: 'kind',
  amount: 'amount',
  orderId: 'order_id',
  reason: 'reason',
  expiresAt: 'expires_at',
  createdAt: 'created_at',
} as const;

const toRow = (entry: NewEntry) => ({
  user_id: entry.userId,
  currency: entry.currency,
  kind: entry.kind,
  amount: entry.amount,
  order_id: entry.orderId ?? null,
  reason: entry.reason ?? null,
  expires_at: entry.expiresAt ?? null,
  created_by: entry.createdBy ?? null,
});

/** Inserts an entry, which changes the balance. Its lots must add up to the balance at the commit. */
export async function insertEntry(trx: Trx, entry: NewEntry): Promise<CreditEntryRow> {
  const [inserted] = await trx('credit_entries').insert(toRow(entry)).returning('id');
  return (await findEntry(trx, inserted!.id))!;
}

/** Inserts the entry of credits that an order bought; undefined if there is one. */
export async function insertPurchase(
  trx: Trx,
  purchase: CreditAccount & { amount: string; orderId: number },
): Promise<CreditEntryRow | undefined> {
  const row = toRow({ ...purchase, kind: 'purchase' });
  const [inserted] = await trx('credit_entries').insert(row).onConflict().ignore().returning('id');
  return inserted && findEntry(trx, inserted.id);
}

export async function findEntry(db: Db, id: number): Promise<CreditEntryRow | undefined> {
  return db('credit_entries').where({ id }).first(COLUMNS);
}

/** Returns the entry by which the credits of an order came in. */
export async function findPurchase(db: Db, orderId: number): Promise<CreditEntryRow | undefined> {
  return db('credit_entries').where({ order_id: orderId, kind: 'purchase' }).first(COLUMNS);
}

const ADJUSTED = statement({
  name: 'credits-adjusted',
  columns: { sum: decimal('coalesce(sum(e.amount), 0)') },
  sql: (list) => `
  SELECT ${list}
  FROM credit_entries e
  WHERE e.order_id = :orderId AND e.kind = 'adjust'`,
});

/** Sums what was taken back of the credits of an order, as a negative amount. */
export async function sumAdjusted(db: Db, orderId: number): Promise<string> {
  return (await queryOne(db, ADJUSTED, { orderId })).sum;
}

export interface EntryFilter {
  userId: number;
  currency?: string;
  kind?: CreditEntryKind;
  limit: number;
  offset: number;
}

/** Returns a page, newest first, with the total. */
export async function listEntries(
  db: Db,
  { userId, currency, kind, limit, offset }: EntryFilter,
): Promise<{ rows: CreditEntryRow[]; total: number }> {
  const matching = () => {
    const found = db('credit_entries').where('user_id', userId);
    if (currency !== undefined) void found.where('currency', currency);
    if (kind !== undefined) void found.where('kind', kind);
    return found;
  };
  const [rows, [counted]] = await Promise.all([
    matching().orderBy('id', 'desc').limit(limit).offset(offset).select(COLUMNS),
    matching().count('* as total'),
  ]);
  return { rows, total: counted!.total };
}

export interface NewLot {
  isGranted: boolean;
  amount: string;
  expiresAt: Date | null;
}

/** Inserts the lots that came in with an entry. */
export async function insertLots(trx: Trx, { id, userId, currency }: CreditEntryRow, lots: NewLot[]): Promise<void> {
  await trx('credit_lots').insert(
    lots.map(({ isGranted, amount, expiresAt }) => ({
      user_id: userId,
      currency,
      entry_id: id,
      is_granted: isGranted,
      amount,
      remaining: amount,
      expires_at: expiresAt,
    })),
  );
}

const REMOVE = statement({
  name: 'credits-remove-from-lots',
  columns: {},
  sql: () => `
  UPDATE credit_lots l
  SET
    remaining = l.remaining - p.amount,
    removed = l.removed + p.amount
  FROM unnest(:lotIds::int[], :amounts::numeric[]) AS p(lot_id, amount)
  WHERE l.id = p.lot_id`,
});

/** Takes amounts out of lots for good: they have expired or were taken back. */
export async function removeFromLots(trx: Trx, parts: LotPart[]): Promise<void> {
  await execute(trx, REMOVE, {
    lotIds: toNumberArray(parts.map(({ lotId }) => lotId)),
    amounts: toTextArray(parts.map(({ amount }) => amount)),
  });
}
