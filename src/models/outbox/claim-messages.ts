import type { Db } from '../../database';
import { IS_FREE } from './message-states';
import { PRIORITY } from '../../lib/priority';
import { execute, float8, int2, int4, int8, query, statement, text, type ResultOf } from '../statement';
import type { Topic } from './messages';

const QUEUED = {
  id: int8('m.id'),
  topic: text<Topic>('m.topic'),
  priority: int2('m.priority'),
  /** Without the one to come. */
  attempts: int4('m.attempts'),
};

export type QueuedMessage = ResultOf<typeof CLAIM>;

export interface InFlightLimits {
  urgent: number;
  usual: number;
}

const CLAIM = statement({
  name: 'outbox-claim',
  isPrepared: true,
  columns: QUEUED,
  sql: (list) => `
  WITH in_flight AS (
    SELECT
      count(*) FILTER (WHERE priority < ${PRIORITY.normal}) AS urgent,
      count(*) FILTER (WHERE priority >= ${PRIORITY.normal}) AS usual
    FROM outbox_messages
    WHERE status = 'queued'
  ), urgent AS (
    SELECT id
    FROM outbox_messages
    WHERE status = 'new' AND priority < ${PRIORITY.normal}
    ORDER BY priority, id
    LIMIT (SELECT greatest(0, :urgent - urgent) FROM in_flight)
    FOR UPDATE SKIP LOCKED
  ), usual AS (
    SELECT id
    FROM outbox_messages
    WHERE status = 'new' AND priority >= ${PRIORITY.normal}
    ORDER BY priority, id
    LIMIT (SELECT greatest(0, :usual - usual) FROM in_flight)
    FOR UPDATE SKIP LOCKED
  )
  UPDATE outbox_messages m
  SET status = 'queued', queued_at = now(), leased_until = NULL
  FROM (SELECT id FROM urgent UNION ALL SELECT id FROM usual) picked
  WHERE m.id = picked.id
  RETURNING
    ${list}`,
});

const inOrder = (messages: QueuedMessage[]): QueuedMessage[] =>
  messages.sort((a, b) => a.priority - b.priority || a.id - b.id);

/**
 * Claims new messages for the queues, urgent ones first, up to the limit of messages in the queues.
 * Urgent messages have a separate limit.
 */
export async function claimNewMessages(db: Db, limits: InFlightLimits): Promise<QueuedMessage[]> {
  return inOrder(await query(db, CLAIM, { ...limits }));
}

const OLDEST = statement({
  name: 'outbox-oldest',
  isPrepared: true,
  columns: { seconds: float8('extract(epoch FROM now() - m.created_at)::float8') },
  sql: (list) => `
  SELECT
    ${list}
  FROM outbox_messages m
  WHERE status = 'new' AND priority >= ${PRIORITY.normal}
  ORDER BY priority, id
  LIMIT 1`,
});

/** Returns how long the next message that is not urgent has waited to be claimed; 0 if there is none. */
export async function getSecondsWaited(db: Db): Promise<number> {
  const [oldest] = await query(db, OLDEST);
  return oldest?.seconds ?? 0;
}

const CLAIM_STALE = statement({
  name: 'outbox-claim-stale',
  isPrepared: true,
  columns: QUEUED,
  sql: (list) => `
  UPDATE outbox_messages m
  SET queued_at = now()
  FROM (
    SELECT id
    FROM outbox_messages
    WHERE status = 'queued'
      AND (queued_at < now() - make_interval(secs => :seconds) OR queued_at > now() + interval '1 minute')
      AND ${IS_FREE}
    ORDER BY queued_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  ) stale
  WHERE m.id = stale.id
  RETURNING
    ${list}`,
});

/** Claims messages that were queued a while ago and are not being handled, because the queue may have lost them. */
export async function claimStaleMessages(
  db: Db,
  { seconds, limit }: { seconds: number; limit: number },
): Promise<QueuedMessage[]> {
  return inOrder(await query(db, CLAIM_STALE, { seconds, limit }));
}

/** Returns messages that the queue did not accept. */
export async function returnMessages(db: Db, ids: number[]): Promise<void> {
  await db('outbox_messages')
    .whereIn('id', ids)
    .where('status', 'queued')
    .whereNull('leased_until')
    .update({ status: 'new', queued_at: null });
}

const REVIVE = statement({
  name: 'outbox-revive',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH due AS (
    SELECT id
    FROM outbox_messages
    WHERE status = 'delayed' AND available_at <= now()
    ORDER BY available_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  ), ahead AS (
    SELECT id
    FROM outbox_messages
    WHERE status = 'delayed' AND available_at > now() + interval '2 hours'
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  )
  UPDATE outbox_messages m
  SET status = 'new', available_at = NULL
  FROM (SELECT id FROM due UNION ALL SELECT id FROM ahead) picked
  WHERE m.id = picked.id`,
});

/**
 * Revives delayed messages that are due. The longest delay is a little over an hour; a message due later was
 * delayed before the clock was turned back, and is due as well.
 */
export async function reviveDelayedMessages(db: Db, limit: number): Promise<number> {
  return execute(db, REVIVE, { limit });
}

/** Deletes messages that were finished long ago, with the records of their steps. Returns how many. */
export async function deleteDoneMessages(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const old = db('outbox_messages')
    .where('status', 'done')
    .whereRaw('done_at < now() - make_interval(days => ?)', [days])
    .orderBy('done_at')
    .limit(limit)
    .select('id');
  return db('outbox_messages').whereIn('id', old).delete();
}
