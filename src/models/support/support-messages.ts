import type { Db, Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import {
  bool,
  int4,
  int4Array,
  neverNull,
  orNull,
  query,
  statement,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';

export interface NewSupportMessage {
  supportTicketId: number;
  authorId: number;
  isStaff: boolean;
  body: string;
  fileIds: number[];
}

export async function insertSupportMessage(
  trx: Trx,
  { supportTicketId, authorId, isStaff, body, fileIds }: NewSupportMessage,
): Promise<number> {
  const [row] = await trx('support_messages')
    .insert({ support_ticket_id: supportTicketId, author_id: authorId, is_staff: isStaff, body })
    .returning('id');
  const files = fileIds.map((fileId) => ({ support_message_id: row!.id, file_id: fileId }));
  if (files.length > 0) await trx('support_message_files').insert(files);
  return row!.id;
}

const LIST = statement({
  name: 'support-messages-list',
  columns: {
    id: int4('m.id'),
    supportTicketId: int4('m.support_ticket_id'),
    authorId: int4('m.author_id'),
    firstName: orNull(text('u.first_name')),
    isStaff: bool('m.is_staff'),
    body: text('m.body'),
    fileIds: neverNull(
      int4Array(
        'ARRAY(SELECT f.file_id FROM support_message_files f WHERE f.support_message_id = m.id ORDER BY f.file_id)',
      ),
    ),
    createdAt: timestamptz('m.created_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM support_messages m
  JOIN users u ON u.id = m.author_id
  WHERE m.support_ticket_id = ANY (:ids::int[])
  ORDER BY m.created_at, m.id`,
});

export type SupportMessageRow = ResultOf<typeof LIST>;

/** Lists the messages of these support tickets, oldest first. */
export async function listSupportMessages(db: Db, supportTicketIds: number[]): Promise<SupportMessageRow[]> {
  return supportTicketIds.length === 0 ? [] : query(db, LIST, { ids: toNumberArray(supportTicketIds) });
}

/** Moves all messages and notes of a support ticket to another one. */
export async function moveMessages(trx: Trx, { from, to }: { from: number; to: number }): Promise<void> {
  await trx('support_messages').where({ support_ticket_id: from }).update({ support_ticket_id: to });
  await trx('support_notes').where({ support_ticket_id: from }).update({ support_ticket_id: to });
}

export async function insertNote(
  trx: Trx,
  { supportTicketId, authorId, body }: { supportTicketId: number; authorId: number; body: string },
): Promise<number> {
  const [row] = await trx('support_notes')
    .insert({ support_ticket_id: supportTicketId, author_id: authorId, body })
    .returning('id');
  return row!.id;
}

const LIST_NOTES = statement({
  name: 'support-notes-list',
  columns: {
    id: int4('n.id'),
    supportTicketId: int4('n.support_ticket_id'),
    authorId: int4('n.author_id'),
    firstName: orNull(text('u.first_name')),
    body: text('n.body'),
    createdAt: timestamptz('n.created_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM support_notes n
  JOIN users u ON u.id = n.author_id
  WHERE n.support_ticket_id = :supportTicketId
  ORDER BY n.id`,
});

export type SupportNoteRow = ResultOf<typeof LIST_NOTES>;

/** Lists the notes of a support ticket, oldest first. For staff only. */
export async function listNotes(db: Db, supportTicketId: number): Promise<SupportNoteRow[]> {
  return query(db, LIST_NOTES, { supportTicketId });
}
