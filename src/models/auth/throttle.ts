import type { Db } from '../../database';
import { bool, execute, float8, queryOne, statement, type ResultOf } from '../statement';

/** The account named in an attempt, whether or not it exists, and the network of the attempt. */
export interface Attempt {
  accountHash: Buffer;
  network: string;
}

interface Backoff {
  /** The number of failures without a wait. */
  free: number;
  /** The first wait, which each further failure doubles. */
  firstSeconds: number;
  mostSeconds: number;
  /** Failures are forgotten this long after the last one. */
  forgetSeconds: number;
}

/** Stands for all networks from which nobody has signed in to the account. */
export const ELSEWHERE = '*';

const WAITS = statement({
  name: 'throttle-waits',
  columns: {
    /** Whether there are failures from this network. */
    hasFailures: bool('coalesce(bool_or(f.network = :network), false)'),
    /** The remaining wait of this network. */
    waitSeconds: float8('coalesce(max(f.wait) FILTER (WHERE f.network = :network), 0)::float8'),
    /** The remaining wait of all networks from which nobody has signed in to the account. */
    elsewhereSeconds: float8('coalesce(max(f.wait) FILTER (WHERE f.network = :elsewhere), 0)::float8'),
    /** Whether someone has signed in to the account from this network. */
    isKnownNetwork: bool(
      'EXISTS (SELECT FROM sign_in_networks WHERE account_hash = :accountHash AND network = :network)',
    ),
  },
  // A wait longer than any was begun while the clock was ahead.
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT
      network,
      CASE
        WHEN blocked_until BETWEEN now() AND now() + make_interval(secs => :mostSeconds + 60)
          THEN extract(epoch FROM blocked_until - now())
        ELSE 0
      END AS wait
    FROM sign_in_failures
    WHERE account_hash = :accountHash AND network IN (:network, :elsewhere)
  ) f`,
});

export type Waits = ResultOf<typeof WAITS>;

/** `mostSeconds`: the longest wait that there is. */
export async function findWaits(
  db: Db,
  { accountHash, network, mostSeconds }: Attempt & Pick<Backoff, 'mostSeconds'>,
): Promise<Waits> {
  return queryOne(db, WAITS, { accountHash, network, mostSeconds, elsewhere: ELSEWHERE });
}

const UPSERT_NETWORK = statement({
  name: 'throttle-upsert-network',
  columns: {},
  sql: () => `
  INSERT INTO sign_in_networks AS n (account_hash, network)
  VALUES (:accountHash, :network)
  ON CONFLICT (account_hash, network) DO UPDATE
  SET last_signed_in_at = now()
  WHERE n.last_signed_in_at < now() - interval '1 day'`,
});

/** Records a network from which the account was signed in to. Writes at most once a day, because it is called on every sign-in. */
export async function upsertNetwork(db: Db, { accountHash, network }: Attempt): Promise<void> {
  await execute(db, UPSERT_NETWORK, { accountHash, network });
}

export async function deleteNetworks(db: Db, accountHash: Buffer): Promise<void> {
  await db('sign_in_networks').where({ account_hash: accountHash }).delete();
}

const DELETE_OLD_NETWORKS = statement({
  name: 'throttle-delete-old-networks',
  columns: {},
  sql: () => `
  DELETE FROM sign_in_networks
  WHERE (account_hash, network) IN (
    SELECT account_hash, network
    FROM sign_in_networks
    WHERE last_signed_in_at < now() - make_interval(days => :days)
    LIMIT :limit
  )`,
});

/** Deletes at most `limit` networks not used for `days`. Returns how many. */
export async function deleteOldNetworks(db: Db, days: number, limit: number): Promise<number> {
  return execute(db, DELETE_OLD_NETWORKS, { days, limit });
}

const INSERT_FAILURE = statement({
  name: 'throttle-insert-failure',
  columns: {},
  sql: () => `
  INSERT INTO sign_in_failures AS f (account_hash, network, failures, blocked_until)
  VALUES (
    :accountHash,
    :network,
    1,
    CASE WHEN :free::integer <= 1 THEN now() + make_interval(secs => :firstSeconds) END
  )
  ON CONFLICT (account_hash, network) DO UPDATE
  SET (failures, last_failed_at, blocked_until) = (
    SELECT
      n,
      now(),
      CASE WHEN n >= :free::integer THEN now() + make_interval(
        secs => least(:firstSeconds * power(2, least(n - :free::integer, 30)), :mostSeconds)
      ) END
    FROM (
      SELECT CASE
        WHEN f.last_failed_at < now() - make_interval(secs => :forgetSeconds) THEN 1
        ELSE f.failures + 1
      END AS n
    ) counted
  )
  WHERE f.blocked_until IS NULL
    OR f.blocked_until <= now()
    OR f.blocked_until > now() + make_interval(secs => :mostSeconds + 60)`,
});

/** Counts a failure, unless a wait is in effect. Concurrent failures are counted one after another, and those over the limit are refused. */
export async function insertFailure(
  db: Db,
  { accountHash, network }: Attempt,
  backoff: Backoff,
): Promise<'counted' | 'refused'> {
  const count = await execute(db, INSERT_FAILURE, { accountHash, network, ...backoff });
  return count > 0 ? 'counted' : 'refused';
}

/** Deletes the failures of an account in all networks or in one. */
export async function deleteFailures(
  db: Db,
  { accountHash, network }: { accountHash: Buffer; network?: string },
): Promise<void> {
  await db('sign_in_failures')
    .where({ account_hash: accountHash, ...(network !== undefined && { network }) })
    .delete();
}

const DELETE_OLD_FAILURES = statement({
  name: 'throttle-delete-old-failures',
  columns: {},
  sql: () => `
  DELETE FROM sign_in_failures
  WHERE (account_hash, network) IN (
    SELECT account_hash, network
    FROM sign_in_failures
    WHERE last_failed_at < now() - make_interval(secs => :forgetSeconds)
    LIMIT :limit
  )`,
});

/** Deletes at most `limit` failures that are old enough to be forgotten. Returns how many. */
export async function deleteOldFailures(db: Db, forgetSeconds: number, limit: number): Promise<number> {
  return execute(db, DELETE_OLD_FAILURES, { forgetSeconds, limit });
}
