import type { Db, Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { execute, int4, int8, jsonb, orNull, query, statement, text, textArray, timestamptz } from '../statement';
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

const LEASE = statement({
  name: 'outbox-lease',
  isPrepared: true,
  columns: {
    id: int8('m.id'),
    topic: text<Topic>('m.topic'),
    payload: jsonb<Payloads[Topic]>('m.payload'),
    requestId: orNull(text('m.request_id')),
    createdAt: timestamptz('m.created_at'),
    attempts: int4('m.attempts'),
    progress: int8('m.progress'),
    effects: textArray('ARRAY(SELECT handler FROM message_effects WHERE message_id = m.id)'),
  },
  sql: (list) => `
  UPDATE outbox_messages m
  SET attempts = attempts + 1, leased_until = now() + make_interval(secs => :seconds)
  WHERE id = ANY (:ids::bigint[]) AND status = 'queued' AND ${IS_FREE}
  RETURNING
    ${list}`,
});

/** Leases messages to the caller for some seconds, leaving out finished ones and those leased to others. */
export async function leaseMessages(db: Db, ids: number[], seconds: number): Promise<LeasedMessage[]> {
  return query(db, LEASE, { ids: toNumberArray(ids), seconds });
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

/** How an attempt at handling a message ended. */
export type Outcome =
  | {
      id: number;
      status: 'done';
      /** The step that has just taken effect outside the database, if any. */
      effect: string | undefined;
    }
  | (Failure & { status: 'parked' })
  | (Failure & { status: 'delayed'; delaySeconds: number });

interface Failure {
  id: number;
  /** The attempt that failed; a later attempt belongs to another handler. */
  attempts: number;
  error: string;
}

const RECORD_OUTCOMES = statement({
  name: 'outbox-record',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH done AS (
    UPDATE outbox_messages
    SET status = 'done', done_at = now(), leased_until = NULL, last_error = NULL
    WHERE id = ANY (:doneIds::bigint[]) AND status = 'queued'
  ), failed AS (
    UPDATE outbox_messages m
    SET
      status = CASE WHEN f.delay_seconds IS NULL THEN 'parked' ELSE 'delayed' END,
      parked_at = CASE WHEN f.delay_seconds IS NULL THEN now() END,
      available_at = now() + make_interval(secs => f.delay_seconds),
      last_error = f.error,
      leased_until = NULL
    FROM unnest(:failedIds::bigint[], :attempts::int[], :errors::text[], :delays::float8[])
      AS f (id, attempts, error, delay_seconds)
    WHERE m.id = f.id AND m.attempts = f.attempts AND m.status = 'queued'
  )
  INSERT INTO message_effects (message_id, handler)
  SELECT id, effect
  FROM unnest(:effectIds::bigint[], :effects::text[]) AS e (id, effect)
  ON CONFLICT DO NOTHING`,
});

/** Records how the attempts at a chunk of messages ended, with their last steps. */
export async function recordOutcomes(db: Db, outcomes: Outcome[]): Promise<void> {
  const done = outcomes.filter((outcome) => outcome.status === 'done');
  const failed = outcomes.filter((outcome) => outcome.status !== 'done');
  const withEffect = done.filter(({ effect }) => effect !== undefined);
  await execute(db, RECORD_OUTCOMES, {
    doneIds: toNumberArray(done.map(({ id }) => id)),
    failedIds: toNumberArray(failed.map(({ id }) => id)),
    attempts: toNumberArray(failed.map(({ attempts }) => attempts)),
    errors: toTextArray(failed.map(({ error }) => error)),
    delays: toNumberArray(failed.map((outcome) => (outcome.status === 'delayed' ? outcome.delaySeconds : null))),
    effectIds: toNumberArray(withEffect.map(({ id }) => id)),
    effects: toTextArray(withEffect.map(({ effect }) => effect!)),
  });
}
