import { allowSilence, type Trx } from '../../database';
import { REVENUE } from '../payments/ledger';

/** Times are strings, because a JavaScript date would lose microseconds and has no infinity. */
export interface Progress {
  countedUntil: string;
  bookingId: number;
  ledgerEntryId: number;
  userId: number;
}

/** Locks the analytics; false if another process holds them. */
export async function lockAnalytics(trx: Trx): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { isOurs: boolean }[] }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('bilten analytics')) AS "isOurs"`,
  );
  return rows[0]!.isOurs;
}

export async function awaitAnalyticsLock(trx: Trx): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('bilten analytics'))`);
}

const REBUILD_MS = 3_600_000;

/** Raises the statement timeout, because there may be years to count. */
export async function allowTime(trx: Trx): Promise<void> {
  await allowSilence(trx, REBUILD_MS);
  await trx.raw('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
}

/** Returns whether facts were counted up to a future time, before the clock was turned back; facts until then would be skipped. */
export async function isClockBehindProgress(trx: Trx): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { isAhead: boolean }[] }>(
    `SELECT counted_until > now() + interval '1 minute' AS "isAhead" FROM analytics_progress`,
  );
  return rows[0]!.isAhead;
}

/**
 * The moment before which nothing can be committed any more: that of the oldest transaction that still runs. What they write is
 * dated when they began. The margin is for their clocks' rounding, and for those that have begun and not said so yet.
 */
export async function findWatermark(trx: Trx, marginSeconds: number): Promise<string> {
  const { rows } = await trx.raw<{ rows: { horizon: string }[] }>(
    `SELECT greatest(counted_until, least(now(), (SELECT min(xact_start) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid())) - make_interval(secs => ?))::text AS horizon
     FROM analytics_progress`,
    [marginSeconds],
  );
  return rows[0]!.horizon;
}

export async function findProgress(trx: Trx): Promise<Progress> {
  const { rows } = await trx.raw<{ rows: Progress[] }>(
    `SELECT counted_until::text AS "countedUntil", booking_id AS "bookingId", ledger_entry_id AS "ledgerEntryId", user_id AS "userId"
     FROM analytics_progress`,
  );
  return rows[0]!;
}

const quarter = (time: string): string => `date_bin('15 minutes', ${time}, 'epoch')`;
const within = (time: string): string => `${time} >= :from::timestamptz AND ${time} < :to::timestamptz`;

const SLOTS = `
  WITH facts AS (
    SELECT ${quarter('created_at')} AS slot, event_id, user_id, 1 AS bookings, tickets_count AS tickets, 0 AS cancellations, 0 AS cancelled_tickets
    FROM bookings WHERE id > :bookingId AND ${within('created_at')} AND confirmed_at <= created_at
    UNION ALL
    SELECT ${quarter('confirmed_at')}, event_id, user_id, 1, tickets_count, 0, 0
    FROM bookings WHERE confirmed_at > created_at AND ${within('confirmed_at')}
    UNION ALL
    SELECT ${quarter('cancelled_at')}, event_id, NULL, 0, 0, 1, tickets_count
    FROM bookings WHERE cancelled_at IS NOT NULL AND ${within('cancelled_at')} AND confirmed_at IS NOT NULL
  ), sums AS (
    SELECT slot, event_id, sum(bookings) AS bookings, sum(tickets) AS tickets, sum(cancellations) AS cancellations,
           sum(cancelled_tickets) AS cancelled_tickets, 0 AS new_users,
           coalesce(array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL), '{}') AS user_ids
    FROM facts GROUP BY GROUPING SETS ((slot, event_id), (slot))
  ), registered AS (
    SELECT ${quarter('created_at')} AS slot, count(*) AS new_users FROM users WHERE id > :userId AND ${within('created_at')} GROUP BY 1
  )
  INSERT INTO analytics_slots AS a (organizer_id, slot, event_id, bookings, tickets, cancellations, cancelled_tickets, new_users, user_ids)
  SELECT e.organizer_id, s.slot, s.event_id, s.bookings, s.tickets, s.cancellations, s.cancelled_tickets, 0, s.user_ids
  FROM sums s JOIN events e ON e.id = s.event_id
  UNION ALL
  SELECT 0, slot, 0, coalesce(s.bookings, 0), coalesce(s.tickets, 0), coalesce(s.cancellations, 0), coalesce(s.cancelled_tickets, 0),
         coalesce(r.new_users, 0), coalesce(s.user_ids, '{}')
  FROM (SELECT * FROM sums WHERE event_id IS NULL) s FULL JOIN registered r USING (slot)
  ON CONFLICT (organizer_id, slot, event_id) DO UPDATE SET
    bookings = a.bookings + excluded.bookings, tickets = a.tickets + excluded.tickets, cancellations = a.cancellations + excluded.cancellations,
    cancelled_tickets = a.cancelled_tickets + excluded.cancelled_tickets, new_users = a.new_users + excluded.new_users,
    user_ids = CASE WHEN excluded.user_ids = '{}' THEN a.user_ids
                    ELSE ARRAY(SELECT DISTINCT u FROM unnest(a.user_ids || excluded.user_ids) u ORDER BY u) END`;

const REVENUES = `
  WITH sums AS (
    SELECT ${quarter('l.created_at')} AS slot, o.event_id, l.currency,
           ${REVENUE.gross} AS gross, ${REVENUE.refunded} AS refunded, ${REVENUE.tax} AS tax
    FROM ledger_entries l JOIN orders o ON o.id = l.order_id
    WHERE l.id > :ledgerEntryId AND ${within('l.created_at')}
    GROUP BY slot, o.event_id, l.currency
  )
  INSERT INTO analytics_revenues AS a (organizer_id, slot, event_id, currency, gross, refunded, tax)
  SELECT e.organizer_id, s.slot, s.event_id, s.currency, s.gross, s.refunded, s.tax FROM sums s JOIN events e ON e.id = s.event_id
  UNION ALL
  SELECT 0, slot, 0, currency, sum(gross), sum(refunded), sum(tax) FROM sums GROUP BY slot, currency
  ON CONFLICT (organizer_id, slot, event_id, currency) DO UPDATE SET
    gross = a.gross + excluded.gross, refunded = a.refunded + excluded.refunded, tax = a.tax + excluded.tax`;

/** Adds the facts from the last progress until `to`. */
export async function addFacts(trx: Trx, progress: Progress, to: string): Promise<void> {
  const values = { ...progress, from: progress.countedUntil, to };
  await trx.raw(SLOTS, values);
  await trx.raw(REVENUES, values);
}

/**
 * Notes how far it has got. Ids are drawn up to a second before the transaction that uses them, so those seen take effect a minute late:
 * what is dated later than that has higher ones.
 */
export async function updateProgress(trx: Trx, countedUntil: string): Promise<void> {
  await trx.raw('UPDATE analytics_progress SET counted_until = ?::timestamptz', [countedUntil]);
  await trx.raw(
    `UPDATE analytics_progress SET booking_id = seen_booking_id, ledger_entry_id = seen_ledger_entry_id, user_id = seen_user_id,
       seen_booking_id = coalesce((SELECT max(id) FROM bookings), 0), seen_ledger_entry_id = coalesce((SELECT max(id) FROM ledger_entries), 0),
       seen_user_id = coalesce((SELECT max(id) FROM users), 0), seen_at = clock_timestamp()
     WHERE seen_at < counted_until - interval '1 minute'`,
  );
}

/** Deletes everything that was counted. */
export async function deleteAnalytics(trx: Trx): Promise<void> {
  await trx.raw('DELETE FROM analytics_slots; DELETE FROM analytics_revenues; DELETE FROM analytics_progress');
  await trx.raw('INSERT INTO analytics_progress DEFAULT VALUES');
}
