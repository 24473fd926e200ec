import type { Db } from '../../database';

/** An account as somebody named it, whether there is one or not, and where they are. */
export interface Attempt {
  accountHash: Buffer;
  network: string;
}

interface Backoff {
  /** Failures that cost nothing. */
  free: number;
  /** The first wait; each further failure doubles it. */
  firstSeconds: number;
  mostSeconds: number;
  /** Failures are forgotten so long after the last one. */
  forgetSeconds: number;
}

/** Stands for all networks in which nobody has signed in to the account. */
export const ELSEWHERE = '*';

export interface Waits {
  /** There are failures from this network. */
  hasFailures: boolean;
  /** The seconds that are left of a wait of this network. */
  waitSeconds: number;
  /** The seconds that are left of a wait of all networks in which nobody has signed in to the account. */
  elsewhereSeconds: number;
  /** Somebody has signed in to the account from this network. */
  isKnownNetwork: boolean;
}

export async function findWaits(db: Db, { accountHash, network }: Attempt): Promise<Waits> {
  const { rows } = await db.raw<{ rows: Waits[] }>(
    `SELECT coalesce(bool_or(network = :network), false) AS "hasFailures",
       coalesce(max(wait) FILTER (WHERE network = :network), 0)::float8 AS "waitSeconds",
       coalesce(max(wait) FILTER (WHERE network = :elsewhere), 0)::float8 AS "elsewhereSeconds",
       EXISTS (SELECT FROM sign_in_networks WHERE account_hash = :accountHash AND network = :network) AS "isKnownNetwork"
     FROM (SELECT network, greatest(extract(epoch FROM blocked_until - now()), 0) AS wait FROM sign_in_failures
           WHERE account_hash = :accountHash AND network IN (:network, :elsewhere)) AS f`,
    { accountHash, network, elsewhere: ELSEWHERE },
  );
  return rows[0]!;
}

/** Remembers that somebody has signed in to the account from there; once a day, since this comes with every sign-in. */
export async function upsertNetwork(db: Db, { accountHash, network }: Attempt): Promise<void> {
  await db.raw(
    `INSERT INTO sign_in_networks AS n (account_hash, network) VALUES (:accountHash, :network)
     ON CONFLICT (account_hash, network) DO UPDATE SET last_signed_in_at = now() WHERE n.last_signed_in_at < now() - interval '1 day'`,
    { accountHash, network },
  );
}

export async function deleteNetworks(db: Db, accountHash: Buffer): Promise<void> {
  await db('sign_in_networks').where({ account_hash: accountHash }).delete();
}

/** At most `limit` of those that nobody has signed in from for so long. Returns how many. */
export async function deleteOldNetworks(db: Db, days: number, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM sign_in_networks WHERE (account_hash, network) IN (
       SELECT account_hash, network FROM sign_in_networks
       WHERE last_signed_in_at < now() - make_interval(days => :days) LIMIT :limit)`,
    { days, limit },
  );
  return rowCount;
}

/** Counts a failure, unless a wait is on: attempts made at the same time count one after the other, and those past the limit are refused. */
export async function insertFailure(
  db: Db,
  { accountHash, network }: Attempt,
  backoff: Backoff,
): Promise<'counted' | 'refused'> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `INSERT INTO sign_in_failures AS f (account_hash, network, failures, blocked_until)
     VALUES (:accountHash, :network, 1, CASE WHEN :free::integer <= 1 THEN now() + make_interval(secs => :firstSeconds) END)
     ON CONFLICT (account_hash, network) DO UPDATE SET (failures, last_failed_at, blocked_until) = (
       SELECT n, now(), CASE WHEN n >= :free::integer THEN now() + make_interval(secs => least(:firstSeconds * power(2, least(n - :free::integer, 30)), :mostSeconds)) END
       FROM (SELECT CASE WHEN f.last_failed_at < now() - make_interval(secs => :forgetSeconds) THEN 1 ELSE f.failures + 1 END AS n) AS counted)
     WHERE f.blocked_until IS NULL OR f.blocked_until <= now() OR f.blocked_until > now() + make_interval(secs => :mostSeconds + 60)
     RETURNING 1`,
    { accountHash, network, ...backoff },
  );
  return rows.length > 0 ? 'counted' : 'refused';
}

/** Everywhere, or in one network. */
export async function deleteFailures(
  db: Db,
  { accountHash, network }: { accountHash: Buffer; network?: string },
): Promise<void> {
  await db('sign_in_failures')
    .where({ account_hash: accountHash, ...(network !== undefined && { network }) })
    .delete();
}

/** At most `limit` of those that are forgotten. Returns how many. */
export async function deleteOldFailures(db: Db, forgetSeconds: number, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM sign_in_failures WHERE (account_hash, network) IN (
       SELECT account_hash, network FROM sign_in_failures
       WHERE last_failed_at < now() - make_interval(secs => :forgetSeconds) LIMIT :limit)`,
    { forgetSeconds, limit },
  );
  return rowCount;
}
