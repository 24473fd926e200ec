import type { Db, Trx } from '../../database';
import { decimal, int4, ms, neverNull, query, statement, text } from '../statement';
import type { CreditAccount } from './balances';

const DUE = statement({
  name: 'credits-due-accounts',
  columns: { userId: int4('l.user_id'), currency: text('l.currency') },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_lots l
  WHERE l.remaining > 0 AND l.expires_at <= now()
  GROUP BY l.user_id, l.currency
  ORDER BY l.user_id, l.currency
  LIMIT :limit`,
});

/** Lists whose credits have ended without that being entered. */
export async function listDueAccounts(db: Db, limit: number): Promise<CreditAccount[]> {
  return query(db, DUE, { limit });
}

const ENDED = statement({
  name: 'credits-ended-lots',
  columns: { id: int4('l.id'), remaining: decimal('l.remaining') },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_lots l
  WHERE l.user_id = :userId AND l.currency = :currency AND l.remaining > 0 AND l.expires_at <= now()
  ORDER BY l.id`,
});

export async function listEndedLots(trx: Trx, account: CreditAccount) {
  return query(trx, ENDED, { ...account });
}

const ANNOUNCE = statement({
  name: 'credits-announce-lots',
  columns: { userId: int4('a.user_id'), currency: text('a.currency') },
  sql: (list) => `
  WITH announced AS (
    UPDATE credit_lots l
    SET announced_at = now()
    WHERE l.id IN (
      SELECT id
      FROM credit_lots
      WHERE remaining > 0 AND announced_at IS NULL
        AND expires_at > now() AND expires_at <= now() + make_interval(days => :days)
      ORDER BY expires_at
      LIMIT :limit
      FOR NO KEY UPDATE SKIP LOCKED
    )
    RETURNING l.user_id, l.currency
  )
  SELECT
    ${list}
  FROM announced a
  GROUP BY a.user_id, a.currency`,
});

/** Marks lots that end within `days` as announced. Returns whose they are. */
export async function updateAnnouncedLots(trx: Trx, days: number, limit: number): Promise<CreditAccount[]> {
  return query(trx, ANNOUNCE, { days, limit });
}

const ENDING = statement({
  name: 'credits-ending',
  columns: { amount: decimal('sum(l.remaining)'), firstAt: neverNull(ms('min(l.expires_at)')) },
  sql: (list) => `
  SELECT
    ${list}
  FROM credit_lots l
  WHERE l.user_id = :userId AND l.currency = :currency AND l.remaining > 0
    AND l.expires_at > now() AND l.expires_at <= now() + make_interval(days => :days)
  HAVING count(*) > 0`,
});

/** Returns how much ends within `days`, and when the first of it does; undefined if nothing does. */
export async function findEndingCredits(db: Db, account: CreditAccount, days: number) {
  return (await query(db, ENDING, { ...account, days }))[0];
}
