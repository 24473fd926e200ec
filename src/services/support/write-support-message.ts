import { AppError } from '../../errors';
import { runInTransaction, type Trx } from '../../database';
import type { Actor } from '../../lib/actor';
import { isPastReopening, REOPEN_DAYS } from '../../lib/support';
import { insertSupportMessage } from '../../models/support/support-messages';
import {
  insertRating,
  updateSupportTicket as updateRow,
  type SupportTicketRow,
  type SupportTicketValues,
} from '../../models/support/support-tickets';
import { recordActivity } from '../audit/record-activity';
import { assertOwnFiles } from '../files/manage-files';
import { runOnce } from '../idempotency.service';
import { readSupportTicket } from './open-support-ticket';
import type { SupportTicket } from './present-support-ticket';
import { isStaff, lockAccessible } from './support-access';
import { addSupportMessageNotices, publishSupportChange } from './support-notices';

export interface WriteSupportMessage {
  supportTicketId: number;
  message: string;
  fileIds: number[];
}

/** @throws AppError TICKET_CLOSED if its messages are in another one */
export function assertNotMerged({ mergedIntoId }: SupportTicketRow): void {
  if (mergedIntoId === null) return;
  const details = [{ path: 'id', message: 'its messages are in another support ticket', mergedIntoId }];
  throw new AppError('TICKET_CLOSED', 'This support ticket was merged into another one.', { details });
}

/** @throws AppError TICKET_CLOSED */
function assertReopenable(ticket: SupportTicketRow): void {
  assertNotMerged(ticket);
  if (isPastReopening(ticket.closedAt, Date.now()))
    throw new AppError(
      'TICKET_CLOSED',
      `This support ticket was closed more than ${REOPEN_DAYS} days ago: open a new one.`,
    );
}

/** Returns what the first response of the staff records; a late one also marks what the schedule has not marked yet. */
function getFirstResponse(ticket: SupportTicketRow): Partial<SupportTicketValues> {
  if (ticket.firstResponseAt) return {};
  const now = new Date();
  const isLate = now > ticket.firstResponseDueAt && ticket.breachedAt === null;
  return { firstResponseAt: now, ...(isLate && { breachedAt: now }) };
}

/**
 * Adds a message to a support ticket and has the other side notified. A message of the customer opens it again; one of the staff
 * makes it wait for the customer.
 * @throws AppError NOT_FOUND, TICKET_CLOSED
 */
export async function writeSupportMessage(
  actor: Actor,
  { supportTicketId, message, fileIds }: WriteSupportMessage,
): Promise<SupportTicket['messages'][number] & { supportTicketId: number }> {
  const written = await runOnce(actor, async (trx) => {
    const ticket = await lockAccessible(trx, actor, { id: supportTicketId });
    const isFromStaff = ticket.userId !== actor.userId;
    if (isFromStaff) assertNotMerged(ticket);
    else assertReopenable(ticket);
    await assertOwnFiles(trx, actor, fileIds);
    const supportMessageId = await insertSupportMessage(trx, {
      supportTicketId,
      authorId: actor.userId,
      isStaff: isFromStaff,
      body: message,
      fileIds,
    });
    await updateRow(
      trx,
      supportTicketId,
      isFromStaff ? { status: 'pending', ...getFirstResponse(ticket) } : { status: 'open' },
    );
    await addSupportMessageNotices(trx, {
      supportTicketId,
      supportMessageId,
      customerId: ticket.userId,
      isFromStaff,
      requestId: actor.requestId,
    });
    if (isFromStaff)
      await recordActivity(trx, actor, {
        action: 'support_ticket.reply',
        subjectId: supportTicketId,
        details: { supportMessageId },
      });
    return { supportMessageId, customerId: ticket.userId };
  });
  await publishSupportChange(supportTicketId, written.customerId);
  const { messages } = await readSupportTicket(supportTicketId);
  return { ...messages.find(({ id }) => id === written.supportMessageId)!, supportTicketId };
}

/** Step: records a change that staff made; customers change their own. */
async function recordIfStaff(trx: Trx, actor: Actor, ticket: SupportTicketRow, use: 'close' | 'reopen'): Promise<void> {
  if (!isStaff(actor, ticket)) return;
  await recordActivity(trx, actor, { action: `support_ticket.${use}`, subjectId: ticket.id });
}

async function changeStatus(
  actor: Actor,
  id: number,
  change: (trx: Trx, ticket: SupportTicketRow) => Promise<void>,
): Promise<SupportTicket> {
  const customerId = await runInTransaction(async (trx) => {
    const ticket = await lockAccessible(trx, actor, { id });
    await change(trx, ticket);
    return ticket.userId;
  });
  await publishSupportChange(id, customerId);
  return readSupportTicket(id);
}

/** Closes a support ticket; does nothing if it is closed. @throws AppError NOT_FOUND */
export function closeSupportTicket(actor: Actor, id: number): Promise<SupportTicket> {
  return changeStatus(actor, id, async (trx, ticket) => {
    if (ticket.status === 'closed') return;
    await updateRow(trx, id, { status: 'closed' });
    await recordIfStaff(trx, actor, ticket, 'close');
  });
}

/** Opens a closed or resolved support ticket again; does nothing to others. @throws AppError NOT_FOUND, TICKET_CLOSED */
export function reopenSupportTicket(actor: Actor, id: number): Promise<SupportTicket> {
  return changeStatus(actor, id, async (trx, ticket) => {
    if (ticket.status === 'open' || ticket.status === 'pending') return;
    assertReopenable(ticket);
    await updateRow(trx, id, { status: 'open' });
    await recordIfStaff(trx, actor, ticket, 'reopen');
  });
}

export interface RateSupportTicket {
  score: number;
  comment: string | null;
}

/** Stores what the customer thinks of the help, once. @throws AppError NOT_FOUND, ALREADY_RATED */
export async function rateSupportTicket(actor: Actor, id: number, rating: RateSupportTicket) {
  await runOnce(actor, async (trx) => {
    await lockAccessible(trx, actor, { id, side: 'customer' });
    if (!(await insertRating(trx, id, rating))) throw new AppError('ALREADY_RATED');
  });
  return { supportTicketId: id, ...rating };
}
