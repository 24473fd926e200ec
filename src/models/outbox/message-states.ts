import { getPreparedName, type Db, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { Payloads, Topic } from './messages';

export interface LeasedMessage<T extends Topic = Topic> {
  id: number;
  topic: T;
  payload: Payloads[T];
  requestId: string | null;
  createdAt: Date;
  /** Including this attempt. */
  attempts: number;
  /** How far an earlier attempt got, for handlers that work in chunks. */
  progress: number;
  /** The names of steps that have already taken effect. */
  effects: string[];
}

// A lease that ends later than any lease could was set before the clock was turned back.
export const IS_FREE = "(leased_until IS NULL OR leased_until <= now() OR leased_until > now() + interval '1 minute')";

/** Leases messages to the caller for some seconds, leaving out finished ones and those leased to others. */
export async function leaseMessages(db: Db, ids: number[], seconds: number): Promise<LeasedMessage[]> {
  const { rows } = await db
    .raw<{ rows: LeasedMessage[] }>(
      `UPDATE outbox_messages m SET attempts = attempts + 1, leased_until = now() + make_interval(secs => :seconds)
     WHERE id = ANY (:ids::bigint[]) AND status = 'queued' AND ${IS_FREE}
     RETURNING id, topic, payload, request_id AS "requestId", created_at AS "createdAt", attempts, progress,
       ARRAY(SELECT handler FROM message_effects WHERE message_id = m.id) AS effects`,
      { ids: toNumberArray(ids), seconds },
    )
    .options(getPreparedName('outbox-lease'));
  return rows;
}

export async function renewLeases(db: Db, ids: number[], seconds: number): Promise<void> {
  await db('outbox_messages')
    .whereIn('id', ids)
    .where('status', 'queued')
    .update({ leased_until: db.raw('now() + make_interval(secs => ?)', [seconds]) });
}

/** Records that a step took effect, in its transaction; false if it was already recorded. */
export async function insertEffect(db: Db, messageId: number, handler: string): Promise<boolean> {
  const inserted = await db('message_effects')
    .insert({ message_id: messageId, handler })
    .onConflict()
    .ignore()
    .returning('message_id');
  return inserted.length > 0;
}

export interface Step {
  messageId: number;
  /** Where the previous chunk ended. */
  from: number;
  to: number;
}

/** Advances a message by a chunk, in the transaction that processes it; false if another handler has taken the chunk. */
export async function advanceMessage(trx: Trx, { messageId, from, to }: Step): Promise<boolean> {
  return (
    (await trx('outbox_messages')
      .where({ id: messageId, progress: from, status: 'queued' })
      .update({ progress: to })) === 1
  );
}

export interface Finished {
  id: number;
  /** The step that has just taken effect outside the database, if any. */
  effect: string | undefined;
}

/** Marks messages as done and records their last steps. */
export async function finishMessages(db: Db, messages: Finished[]): Promise<void> {
  const withEffect = messages.filter(({ effect }) => effect !== undefined);
  await db
    .raw(
      `WITH done AS (
       UPDATE outbox_messages SET status = 'done', done_at = now(), leased_until = NULL, last_error = NULL
       WHERE id = ANY (:ids::bigint[]) AND status = 'queued'
     )
     INSERT INTO message_effects (message_id, handler)
     SELECT id, effect FROM unnest(:effectIds::bigint[], :effects::text[]) AS e (id, effect)
     ON CONFLICT DO NOTHING`,
      {
        ids: toNumberArray(messages.map(({ id }) => id)),
        effectIds: toNumberArray(withEffect.map(({ id }) => id)),
        effects: toTextArray(withEffect.map(({ effect }) => effect!)),
      },
    )
    .options(getPreparedName('outbox-finish'));
}

interface Failure {
  id: number;
  /** The attempt that failed; a later attempt belongs to another handler. */
  attempts: number;
  error: string;
}

export async function delayMessage(db: Db, { id, attempts, error }: Failure, seconds: number): Promise<void> {
  await db('outbox_messages')
    .where({ id, attempts, status: 'queued' })
    .update({
      status: 'delayed',
      available_at: db.raw('now() + make_interval(secs => ?)', [seconds]),
      last_error: error,
      leased_until: null,
    });
}

export async function parkMessage(db: Db, { id, attempts, error }: Failure): Promise<void> {
  await db('outbox_messages')
    .where({ id, attempts, status: 'queued' })
    .update({ status: 'parked', parked_at: db.fn.now(), last_error: error, leased_until: null });
}
