import type { Db, Trx } from '../../database';
import type { CreditLot } from '../../lib/money/credit-lots';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { bool, decimal, int4, json, ms, orNull, query, statement, text } from '../statement';
import { toMs } from '../sql';

/** Whose credits, in which currency. */
export interface CreditAccount {
  userId: number;
  currency: string;
}

const LOCK = statement({
  name: 'credits-lock-balances',
  columns: {},
  sql: () => `
  SELECT
  FROM credit_balances b
  WHERE (b.user_id, b.currency) IN (SELECT * FROM unnest(:userIds::int[], :currencies::text[]))
  ORDER BY b.user_id, b.currency
  FOR NO KEY UPDATE`,
});

const USABLE = 'l.remaining > 0 AND (l.expires_at IS NULL OR l.expires_at > now())';

const USABLE_LOT = {
  userId: int4('l.user_id'),
  currency: text('l.currency'),
  id: int4('l.id'),
  isGranted: bool('l.is_granted'),
  remaining: decimal('l.remaining'),
  expiresAt: orNull(ms('l.expires_at')),
};

const USABLE_LOTS = statement({
  name: 'credits-usable-lots',
  columns: USABLE_LOT,
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_lots l
  WHERE (l.user_id, l.currency) IN (SELECT * FROM unnest(:userIds::int[], :currencies::text[])) AND ${USABLE}`,
});

const bind = (accounts: readonly CreditAccount[]) => ({
  userIds: toNumberArray(accounts.map(({ userId }) => userId)),
  currencies: toTextArray(accounts.map(({ currency }) => currency)),
});

/** Locks balances in the order of user and currency, and so their lots and holds. Those without a row have nothing to lock. */
export async function lockBalances(trx: Trx, accounts: readonly CreditAccount[]): Promise<void> {
  if (accounts.length > 0) await query(trx, LOCK, bind(accounts));
}

/** Lists the lots that have not ended, in no order. */
export async function listUsableLots(
  db: Db,
  accounts: readonly CreditAccount[],
): Promise<(CreditLot & CreditAccount)[]> {
  return accounts.length === 0 ? [] : query(db, USABLE_LOTS, bind(accounts));
}

/** Locks all balances of these users, in the order of user and currency. */
export async function lockBalancesOfUsers(trx: Trx, userIds: number[]): Promise<void> {
  await query(trx, LOCK_OF_USERS, { userIds: toNumberArray(userIds) });
}

const LOCK_OF_USERS = statement({
  name: 'credits-lock-balances-of-users',
  columns: {},
  sql: () => `
  SELECT
  FROM credit_balances b
  WHERE b.user_id = ANY (:userIds::int[])
  ORDER BY b.user_id, b.currency
  FOR NO KEY UPDATE`,
});

const LOTS_OF_USERS = statement({
  name: 'credits-usable-lots-of-users',
  columns: USABLE_LOT,
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_lots l
  WHERE l.user_id = ANY (:userIds::int[]) AND ${USABLE}`,
});

/** Lists the lots of these users that have not ended, in no order. */
export async function listUsableLotsOfUsers(db: Db, userIds: number[]): Promise<(CreditLot & CreditAccount)[]> {
  return query(db, LOTS_OF_USERS, { userIds: toNumberArray(userIds) });
}

export interface ExpiringCredits {
  amount: string;
  /** In milliseconds since the epoch. */
  expiresAt: number;
}

const LIST = statement({
  name: 'credits-list-balances',
  columns: {
    currency: text('b.currency'),
    // Without what has ended, although the schedule has not entered that yet.
    balance: decimal(`(
      SELECT coalesce(sum(l.remaining), 0)
      FROM credit_lots l
      WHERE l.user_id = b.user_id AND l.currency = b.currency AND ${USABLE}
    )`),
    held: decimal('b.held'),
    expiring: json<ExpiringCredits[]>(`coalesce((
      SELECT json_agg(json_build_object('amount', e.amount::text, 'expiresAt', ${toMs('e.expires_at')}) ORDER BY e.expires_at)
      FROM (
        SELECT l.expires_at, sum(l.remaining) AS amount
        FROM credit_lots l
        WHERE l.user_id = b.user_id AND l.currency = b.currency AND l.remaining > 0 AND l.expires_at > now()
        GROUP BY l.expires_at
      ) e
    ), '[]')`),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_balances b
  WHERE b.user_id = :userId
  ORDER BY b.currency`,
});

export async function listBalances(db: Db, userId: number) {
  return query(db, LIST, { userId });
}
