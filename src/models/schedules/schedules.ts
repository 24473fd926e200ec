import type { Db } from '../../database';
import { bool, float8, queryOne, statement, type ResultOf } from '../statement';

// Clocks are regularly corrected by less than this.
const CLOCK_SLACK_SECONDS = 1;

const CLAIM_TURN = statement({
  name: 'schedules-claim-turn',
  columns: {
    isOurs: bool('EXISTS (SELECT FROM won)'),
    /** Until the next turn. */
    waitMs: float8(`coalesce(
      extract(epoch FROM coalesce(
        (SELECT next_run_at FROM won),
        (SELECT next_run_at FROM schedules WHERE name = :name)
      ) - now()) * 1000,
      0
    )::float8`),
  },
  sql: (list) => `
  WITH won AS (
    INSERT INTO schedules AS s (name, next_run_at, last_run_at)
    VALUES (
      :name,
      now() + make_interval(secs => :everySeconds::float8),
      now()
    )
    ON CONFLICT (name) DO UPDATE
    SET
      next_run_at = excluded.next_run_at,
      last_run_at = excluded.last_run_at
    WHERE s.next_run_at <= now()
      OR s.next_run_at > now() + make_interval(secs => :everySeconds::float8 + ${CLOCK_SLACK_SECONDS})
    RETURNING next_run_at
  )
  SELECT
    ${list}`,
});

export type Turn = ResultOf<typeof CLAIM_TURN>;

/**
 * Claims a turn that is due by the database's clock; only one process gets it. A turn further ahead than any
 * can be was set before the clock was turned back, and counts as due.
 */
export async function claimTurn(db: Db, name: string, everySeconds: number): Promise<Turn> {
  return queryOne(db, CLAIM_TURN, { name, everySeconds });
}

export async function updateLastError(db: Db, name: string, error: string | null): Promise<void> {
  await db('schedules')
    .where({ name })
    .whereRaw('last_error IS DISTINCT FROM ?', [error])
    .update({ last_error: error });
}
