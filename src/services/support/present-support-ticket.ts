import { database } from '../../database';
import { groupBy } from '../../lib/chunks';
import { toSupportNumber } from '../../lib/support';
import { listSupportMessages, type SupportMessageRow } from '../../models/support/support-messages';
import type { SupportTicketRow } from '../../models/support/support-tickets';
import { presentFiles } from '../files/manage-files';

type Files = Awaited<ReturnType<typeof presentFiles>>;

function presentMessage(
  { id, authorId, firstName, isStaff, body, fileIds, createdAt }: SupportMessageRow,
  files: Files,
) {
  return {
    id,
    author: { id: authorId, firstName, isStaff },
    body,
    files: fileIds.flatMap((fileId) => files.get(fileId) ?? []),
    createdAt,
  };
}

/** Returns support tickets as the API shows them, to customers and staff alike: without notes. */
export async function presentSupportTickets(rows: SupportTicketRow[]) {
  const messages = await listSupportMessages(
    database,
    rows.map(({ id }) => id),
  );
  const files = await presentFiles(
    database,
    messages.flatMap(({ fileIds }) => fileIds),
  );
  const byTicket = groupBy(messages, ({ supportTicketId }) => supportTicketId);
  return rows.map(({ firstName, lastName, organizerIds: _organizers, firstResponseAt: _at, userId, ...row }) => ({
    ...row,
    number: toSupportNumber(row.id),
    user: { id: userId, firstName, lastName },
    messages: (byTicket.get(row.id) ?? []).map((message) => presentMessage(message, files)),
  }));
}

export type SupportTicket = Awaited<ReturnType<typeof presentSupportTickets>>[number];
