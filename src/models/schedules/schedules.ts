import type { Db } from '../../database';

// Clocks are regularly corrected by less than this.
const CLOCK_SLACK_SECONDS = 1;

export interface Turn {
  isOurs: boolean;
  /** Until the next turn. */
  waitMs: number;
}

/**
 * Claims a turn that is due by the database's clock; only one process gets it. A turn further ahead than any
 * can be was set before the clock was turned back, and counts as due.
 */
export async function claimTurn(db: Db, name: string, everySeconds: number): Promise<Turn> {
  const { rows } = await db.raw<{ rows: Turn[] }>(
    `WITH won AS (
       INSERT INTO schedules AS s (name, next_run_at, last_run_at) VALUES (:name, now() + make_interval(secs => :everySeconds::float8), now())
       ON CONFLICT (name) DO UPDATE SET next_run_at = excluded.next_run_at, last_run_at = excluded.last_run_at
         WHERE s.next_run_at <= now() OR s.next_run_at > now() + make_interval(secs => :everySeconds::float8 + ${CLOCK_SLACK_SECONDS})
       RETURNING next_run_at
     )
     SELECT EXISTS (SELECT FROM won) AS "isOurs",
       coalesce(extract(epoch FROM coalesce((SELECT next_run_at FROM won), (SELECT next_run_at FROM schedules WHERE name = :name)) - now()) * 1000, 0)::double precision AS "waitMs"`,
    { name, everySeconds },
  );
  return rows[0]!;
}

export async function updateLastError(db: Db, name: string, error: string | null): Promise<void> {
  await db('schedules')
    .where({ name })
    .whereRaw('last_error IS DISTINCT FROM ?', [error])
    .update({ last_error: error });
}
