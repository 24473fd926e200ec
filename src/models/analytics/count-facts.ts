import { allowSilence, type Trx } from '../../database';
import { REVENUE } from '../payments/ledger';
import { bool, execute, int4, int8, queryOne, statement, text, type ResultOf } from '../statement';

const LOCK = statement({
  name: 'analytics-lock',
  columns: { isOurs: bool("pg_try_advisory_xact_lock(hashtext('bilten analytics'))") },
  sql: (list) => `SELECT ${list}`,
});

/** Locks the analytics; false if another process holds them. */
export async function lockAnalytics(trx: Trx): Promise<boolean> {
  const { isOurs } = await queryOne(trx, LOCK);
  return isOurs;
}

export async function awaitAnalyticsLock(trx: Trx): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(hashtext('bilten analytics'))`);
}

/** Lifts the statement timeout, because there may be years to count. */
export async function allowTime(trx: Trx): Promise<void> {
  await allowSilence(trx);
  await trx.raw('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
}

const CLOCK = statement({
  name: 'analytics-clock',
  columns: { isAhead: bool("counted_until > now() + interval '1 minute'") },
  sql: (list) => `SELECT ${list} FROM analytics_progress`,
});

/** Returns whether facts were counted up to a future time, before the clock was turned back; facts until then would be skipped. */
export async function isClockBehindProgress(trx: Trx): Promise<boolean> {
  const { isAhead } = await queryOne(trx, CLOCK);
  return isAhead;
}

const WATERMARK = statement({
  name: 'analytics-watermark',
  columns: { watermark: text('greatest(p.counted_until, o.began_at - make_interval(secs => :marginSeconds))::text') },
  sql: (list) => `
  SELECT ${list}
  FROM analytics_progress p
  CROSS JOIN (
    SELECT least(now(), min(xact_start)) AS began_at
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
  ) o`,
});

/**
 * The moment before which nothing can be committed any more: that of the oldest transaction that still runs. What they write is
 * dated when they began. The margin is for their clocks' rounding, and for those that have begun and not said so yet.
 */
export async function findWatermark(trx: Trx, marginSeconds: number): Promise<string> {
  const { watermark } = await queryOne(trx, WATERMARK, { marginSeconds });
  return watermark;
}

const PROGRESS = statement({
  name: 'analytics-progress',
  columns: {
    // A JavaScript date would lose microseconds, and has no infinity.
    countedUntil: text('counted_until::text'),
    bookingId: int4('booking_id'),
    ledgerEntryId: int8('ledger_entry_id'),
    userId: int4('user_id'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM analytics_progress`,
});

export type Progress = ResultOf<typeof PROGRESS>;

export async function findProgress(trx: Trx): Promise<Progress> {
  return queryOne(trx, PROGRESS);
}

const quarter = (time: string): string => `date_bin('15 minutes', ${time}, 'epoch')`;
const within = (time: string): string => `${time} >= :from::timestamptz AND ${time} < :to::timestamptz`;

const ADD_SLOTS = statement({
  name: 'analytics-add-slots',
  columns: {},
  sql: () => `
  WITH facts AS (
    SELECT
      ${quarter('created_at')} AS slot,
      event_id,
      user_id,
      1 AS bookings,
      tickets_count AS tickets,
      0 AS cancellations,
      0 AS cancelled_tickets
    FROM bookings
    WHERE id > :bookingId AND ${within('created_at')} AND confirmed_at <= created_at
    UNION ALL
    SELECT
      ${quarter('confirmed_at')},
      event_id,
      user_id,
      1,
      tickets_count,
      0,
      0
    FROM bookings
    WHERE confirmed_at > created_at AND ${within('confirmed_at')}
    UNION ALL
    SELECT
      ${quarter('cancelled_at')},
      event_id,
      NULL,
      0,
      0,
      1,
      tickets_count
    FROM bookings
    WHERE cancelled_at IS NOT NULL AND ${within('cancelled_at')} AND confirmed_at IS NOT NULL
  ), sums AS (
    SELECT
      slot,
      event_id,
      sum(bookings) AS bookings,
      sum(tickets) AS tickets,
      sum(cancellations) AS cancellations,
      sum(cancelled_tickets) AS cancelled_tickets,
      0 AS new_users,
      coalesce(array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL), '{}') AS user_ids
    FROM facts
    GROUP BY GROUPING SETS ((slot, event_id), (slot))
  ), registered AS (
    SELECT
      ${quarter('created_at')} AS slot,
      count(*) AS new_users
    FROM users
    WHERE id > :userId AND ${within('created_at')}
    GROUP BY 1
  )
  INSERT INTO analytics_slots AS a (
    organizer_id,
    slot,
    event_id,
    bookings,
    tickets,
    cancellations,
    cancelled_tickets,
    new_users,
    user_ids
  )
  SELECT
    e.organizer_id,
    s.slot,
    s.event_id,
    s.bookings,
    s.tickets,
    s.cancellations,
    s.cancelled_tickets,
    0,
    s.user_ids
  FROM sums s
  JOIN events e ON e.id = s.event_id
  UNION ALL
  SELECT
    0,
    slot,
    0,
    coalesce(s.bookings, 0),
    coalesce(s.tickets, 0),
    coalesce(s.cancellations, 0),
    coalesce(s.cancelled_tickets, 0),
    coalesce(r.new_users, 0),
    coalesce(s.user_ids, '{}')
  FROM (SELECT * FROM sums WHERE event_id IS NULL) s
  FULL JOIN registered r USING (slot)
  ON CONFLICT (organizer_id, slot, event_id) DO UPDATE
  SET
    bookings = a.bookings + excluded.bookings,
    tickets = a.tickets + excluded.tickets,
    cancellations = a.cancellations + excluded.cancellations,
    cancelled_tickets = a.cancelled_tickets + excluded.cancelled_tickets,
    new_users = a.new_users + excluded.new_users,
    user_ids = CASE
      WHEN excluded.user_ids = '{}' THEN a.user_ids
      ELSE ARRAY(SELECT DISTINCT u FROM unnest(a.user_ids || excluded.user_ids) u ORDER BY u)
    END`,
});

// What a ledger entry `l` is for. That of shipping names neither an event nor a product. Credits that are sold count until they are
// issued, which takes them out of the revenue: they are revenue of what they pay for.
const KIND = `CASE
        WHEN l.kind LIKE 'credit%' OR p.product_type = 'credit' THEN 'credits'
        WHEN l.product_id IS NOT NULL THEN 'goods'
        WHEN coalesce(l.event_id, o.event_id) IS NOT NULL THEN 'tickets'
        ELSE 'shipping'
      END`;

const ADD_REVENUES = statement({
  name: 'analytics-add-revenues',
  columns: {},
  sql: () => `
  WITH sums AS (
    SELECT
      ${quarter('l.created_at')} AS slot,
      coalesce(l.seller_id, e.organizer_id) AS seller_id,
      coalesce(l.event_id, o.event_id) AS event_id,
      ${KIND} AS kind,
      l.currency,
      ${REVENUE.gross} AS gross,
      ${REVENUE.refunded} AS refunded,
      ${REVENUE.tax} AS tax
    FROM ledger_entries l
    JOIN orders o ON o.id = l.order_id
    LEFT JOIN events e ON e.id = o.event_id
    LEFT JOIN products p ON p.id = l.product_id
    WHERE l.id > :ledgerEntryId AND ${within('l.created_at')}
    GROUP BY 1, 2, 3, 4, l.currency
  )
  INSERT INTO analytics_revenues AS a (
    organizer_id,
    slot,
    event_id,
    kind,
    currency,
    gross,
    refunded,
    tax
  )
  -- What is sold without an event counts for its seller, as event 0.
  SELECT
    s.seller_id,
    s.slot,
    coalesce(s.event_id, 0),
    s.kind,
    s.currency,
    s.gross,
    s.refunded,
    s.tax
  FROM sums s
  WHERE s.seller_id IS NOT NULL AND (s.gross <> 0 OR s.refunded <> 0 OR s.tax <> 0)
  UNION ALL
  SELECT
    0,
    slot,
    0,
    kind,
    currency,
    sum(gross),
    sum(refunded),
    sum(tax)
  FROM sums
  WHERE gross <> 0 OR refunded <> 0 OR tax <> 0
  GROUP BY slot, kind, currency
  ON CONFLICT (organizer_id, slot, event_id, currency, kind) DO UPDATE
  SET
    gross = a.gross + excluded.gross,
    refunded = a.refunded + excluded.refunded,
    tax = a.tax + excluded.tax`,
});

/** Adds the facts from the last progress until `to`. */
export async function addFacts(trx: Trx, progress: Progress, to: string): Promise<void> {
  const values = { ...progress, from: progress.countedUntil, to };
  await execute(trx, ADD_SLOTS, values);
  await execute(trx, ADD_REVENUES, values);
}

const ADVANCE = statement({
  name: 'analytics-advance',
  columns: {},
  sql: () => 'UPDATE analytics_progress SET counted_until = :countedUntil::timestamptz',
});

const SEE_IDS = statement({
  name: 'analytics-see-ids',
  columns: {},
  sql: () => `
  UPDATE analytics_progress
  SET
    booking_id = seen_booking_id,
    ledger_entry_id = seen_ledger_entry_id,
    user_id = seen_user_id,
    seen_booking_id = coalesce((SELECT max(id) FROM bookings), 0),
    seen_ledger_entry_id = coalesce((SELECT max(id) FROM ledger_entries), 0),
    seen_user_id = coalesce((SELECT max(id) FROM users), 0),
    seen_at = clock_timestamp()
  WHERE seen_at < counted_until - interval '1 minute'`,
});

/**
 * Notes how far it has got. Ids are drawn up to a second before the transaction that uses them, so those seen take effect a minute late:
 * what is dated later than that has higher ones.
 */
export async function updateProgress(trx: Trx, countedUntil: string): Promise<void> {
  await execute(trx, ADVANCE, { countedUntil });
  await execute(trx, SEE_IDS);
}

/** Deletes everything that was counted. */
export async function deleteAnalytics(trx: Trx): Promise<void> {
  await trx('analytics_slots').delete();
  await trx('analytics_revenues').delete();
  await trx('analytics_progress').delete();
  await trx('analytics_progress').insert({});
}
