import type { Db } from '../database';
import type { Topic } from './outbox.model';

export interface ParkedRow {
  id: number;
  topic: Topic;
  payload: object;
  attempts: number;
  lastError: string | null;
  requestId: string | null;
  createdAt: Date;
  parkedAt: Date;
}

const COLUMNS = {
  id: 'id',
  topic: 'topic',
  payload: 'payload',
  attempts: 'attempts',
  lastError: 'last_error',
  requestId: 'request_id',
  createdAt: 'created_at',
  parkedAt: 'parked_at',
};

/** Where counting stops. */
export const MOST_COUNTED = 10_000;

/** Messages that were given up on, newest first. */
export async function listParkedMessages(
  db: Db,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: ParkedRow[]; total: number }> {
  const parked = db('outbox_messages').where('status', 'parked');
  const [rows, [counted]] = await Promise.all([
    parked.clone().orderBy('id', 'desc').limit(limit).offset(offset).select<ParkedRow[]>(COLUMNS),
    db.count<{ count: number }[]>('* as count').from(parked.clone().select('id').limit(MOST_COUNTED).as('some')),
  ]);
  return { rows, total: counted!.count };
}

/** Gives a parked message ten more tries; false where there is none of this id. */
export async function updateParkedAsNew(db: Db, id: number): Promise<boolean> {
  const values = { status: 'new', attempts: 0, parked_at: null, queued_at: null };
  return (await db('outbox_messages').where({ id, status: 'parked' }).update(values)) === 1;
}
