import type { Db } from '../database';
import { execute, int4, int8, orNull, query, statement, text, timestamptz, type ResultOf } from './statement';

const MAX_READ = 20_000;

// Those of the future were abandoned while the clock was ahead; nobody knows when.
const LIST = statement({
  name: 'holds-abandoned',
  columns: {
    id: int8('id'),
    userId: int4('user_id'),
    ip: orNull(text('ip')),
    abandonedAt: timestamptz('abandoned_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM abandoned_holds
  WHERE abandoned_at BETWEEN now() - make_interval(secs => :withinSeconds) AND now() + interval '1 minute'
  ORDER BY abandoned_at DESC
  LIMIT :limit`,
});

/** A hold that was cancelled or expired unpaid. */
export type AbandonedHold = ResultOf<typeof LIST>;

/** Lists the holds abandoned in the last seconds, latest first. */
export async function listAbandonedHolds(db: Db, withinSeconds: number): Promise<AbandonedHold[]> {
  return query(db, LIST, { withinSeconds, limit: MAX_READ });
}

const DELETE_OLD = statement({
  name: 'holds-delete-old',
  columns: {},
  sql: () => `
  DELETE FROM abandoned_holds
  WHERE abandoned_at NOT BETWEEN now() - make_interval(secs => :olderThanSeconds) AND now() + interval '1 minute'`,
});

export async function deleteOldAbandonedHolds(db: Db, olderThanSeconds: number): Promise<void> {
  await execute(db, DELETE_OLD, { olderThanSeconds });
}
