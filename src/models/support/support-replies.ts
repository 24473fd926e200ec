import type { Db, Trx } from '../../database';
import { toColumns } from '../columns';

export interface ReplyValues {
  title: string;
  body: string;
}

const COLUMNS = { title: 'title', body: 'body' } as const;

const SELECTED = {
  ...COLUMNS,
  id: 'id',
  organizerId: 'organizer_id',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const;

export interface ReplyRow extends ReplyValues {
  id: number;
  /** Null: of the admins, for all staff. */
  organizerId: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Lists the replies that are for all staff, and those of an organizer. */
export async function listReplies(db: Db, organizerId: number): Promise<ReplyRow[]> {
  return db('support_replies')
    .whereRaw('(organizer_id IS NULL OR organizer_id = ?)', [organizerId])
    .orderByRaw('title COLLATE bilten_text, id')
    .select(SELECTED);
}

export async function lockReply(trx: Trx, id: number): Promise<ReplyRow | undefined> {
  return trx('support_replies').where({ id }).forNoKeyUpdate().first(SELECTED);
}

export async function insertReply(trx: Trx, organizerId: number | null, values: ReplyValues): Promise<ReplyRow> {
  const [row] = await trx('support_replies')
    .insert({ ...toColumns(COLUMNS, values), organizer_id: organizerId })
    .returning(SELECTED);
  return row!;
}

export async function updateReply(trx: Trx, id: number, values: Partial<ReplyValues>): Promise<ReplyRow> {
  const [row] = await trx('support_replies')
    .where({ id })
    .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() })
    .returning(SELECTED);
  return row!;
}

export async function deleteReply(trx: Trx, id: number): Promise<void> {
  await trx('support_replies').where({ id }).delete();
}
