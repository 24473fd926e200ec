import { getPreparedName, type Db } from '../../database';
import { IS_FREE } from './message-states';
import { PRIORITY } from '../../lib/priority';
import type { Topic } from './messages';

export interface QueuedMessage {
  id: number;
  topic: Topic;
  priority: number;
  requestId: string | null;
}

const RETURNED = 'm.id, m.topic, m.priority, m.request_id AS "requestId"';

export interface InFlightLimits {
  urgent: number;
  usual: number;
}

/**
 * Takes new messages, urgent ones first, as long as no more than so many are in the queues.
 * Urgent ones have room of their own there, however many others wait.
 */
export async function claimNewMessages(db: Db, limits: InFlightLimits): Promise<QueuedMessage[]> {
  const { rows } = await db
    .raw<{ rows: QueuedMessage[] }>(
      `WITH in_flight AS (
       SELECT count(*) FILTER (WHERE priority < ${PRIORITY.normal}) AS urgent, count(*) FILTER (WHERE priority >= ${PRIORITY.normal}) AS usual
       FROM outbox_messages WHERE status = 'queued'
     ), urgent AS (
       SELECT id FROM outbox_messages WHERE status = 'new' AND priority < ${PRIORITY.normal}
       ORDER BY priority, id LIMIT (SELECT greatest(0, :urgent - urgent) FROM in_flight) FOR UPDATE SKIP LOCKED
     ), usual AS (
       SELECT id FROM outbox_messages WHERE status = 'new' AND priority >= ${PRIORITY.normal}
       ORDER BY priority, id LIMIT (SELECT greatest(0, :usual - usual) FROM in_flight) FOR UPDATE SKIP LOCKED
     )
     UPDATE outbox_messages m SET status = 'queued', queued_at = now(), leased_until = NULL
     FROM (SELECT id FROM urgent UNION ALL SELECT id FROM usual) picked
     WHERE m.id = picked.id
     RETURNING ${RETURNED}`,
      { ...limits },
    )
    .options(getPreparedName('outbox-claim'));
  return rows.sort((a, b) => a.priority - b.priority || a.id - b.id);
}

/** Messages that were handed to a queue a while ago and that nobody is handling: the queue may have lost them. */
export async function claimStaleMessages(
  db: Db,
  { seconds, limit }: { seconds: number; limit: number },
): Promise<QueuedMessage[]> {
  const { rows } = await db
    .raw<{ rows: QueuedMessage[] }>(
      `UPDATE outbox_messages m SET queued_at = now()
     FROM (SELECT id FROM outbox_messages
           WHERE status = 'queued' AND (queued_at < now() - make_interval(secs => :seconds) OR queued_at > now() + interval '1 minute') AND ${IS_FREE}
           ORDER BY queued_at LIMIT :limit FOR UPDATE SKIP LOCKED) stale
     WHERE m.id = stale.id
     RETURNING ${RETURNED}`,
      { seconds, limit },
    )
    .options(getPreparedName('outbox-claim-stale'));
  return rows;
}

/** Gives back what the queue did not take. */
export async function returnMessages(db: Db, ids: number[]): Promise<void> {
  await db('outbox_messages')
    .whereIn('id', ids)
    .where('status', 'queued')
    .whereNull('leased_until')
    .update({ status: 'new', queued_at: null });
}

/**
 * Failed messages whose time to be tried again has come. The longest delay is little more than an hour: what lies further ahead is
 * of a clock that has been put back since.
 */
export async function reviveDelayedMessages(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db
    .raw<{ rowCount: number }>(
      `WITH due AS (
       SELECT id FROM outbox_messages WHERE status = 'delayed' AND available_at <= now()
       ORDER BY available_at LIMIT :limit FOR UPDATE SKIP LOCKED
     ), ahead AS (
       SELECT id FROM outbox_messages WHERE status = 'delayed' AND available_at > now() + interval '2 hours'
       LIMIT :limit FOR UPDATE SKIP LOCKED
     )
     UPDATE outbox_messages m SET status = 'new', available_at = NULL
     FROM (SELECT id FROM due UNION ALL SELECT id FROM ahead) picked
     WHERE m.id = picked.id`,
      { limit },
    )
    .options(getPreparedName('outbox-revive'));
  return rowCount;
}

/** Done long enough ago that nobody asks for them, with the traces of their steps; returns how many. */
export async function deleteDoneMessages(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const old = db('outbox_messages')
    .where('status', 'done')
    .whereRaw('done_at < now() - make_interval(days => ?)', [days])
    .orderBy('done_at')
    .limit(limit)
    .select('id');
  return db('outbox_messages').whereIn('id', old).delete();
}
