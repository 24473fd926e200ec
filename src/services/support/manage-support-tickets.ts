import { config } from '../../config';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import type { SupportPriority, SupportStatus } from '../../lib/statuses';
import { getFirstResponseDue, parseSupportNumber } from '../../lib/support';
import { insertNote, listNotes, moveMessages, type SupportNoteRow } from '../../models/support/support-messages';
import { listStaff } from '../../models/support/support-people';
import { COUNT_BOUND, listSupportTickets as listRows, type SupportFilter } from '../../models/support/support-queue';
import {
  updateSupportTicket as updateRow,
  type SupportTicketRow,
  type SupportTicketValues,
} from '../../models/support/support-tickets';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { readSupportTicket } from './open-support-ticket';
import { presentSupportTickets, type SupportTicket } from './present-support-ticket';
import { getAccessible, lockAccessible } from './support-access';
import { publishSupportChange } from './support-notices';
import { assertNotMerged } from './write-support-message';

export interface ListSupportQueue extends Omit<SupportFilter, 'userId' | 'organizerId' | 'isOpen' | 'searchId'> {
  page: number;
  limit: number;
}

/** Lists the support tickets that concern the caller as staff, the most urgent and oldest first. Without a status, those not closed. */
export async function listSupportQueue(actor: Actor, { page, limit, search, ...filter }: ListSupportQueue) {
  const scope = actor.role === 'admin' ? {} : { organizerId: actor.userId };
  const found = search ? { search, searchId: parseSupportNumber(search) } : {};
  const isOpen = filter.status === undefined && !search;
  const { rows, total } = await listRows(
    database,
    { ...filter, ...scope, ...found, isOpen },
    { order: 'queue', limit, offset: getOffset({ page, limit }) },
  );
  return toPage(await presentSupportTickets(rows), { page, limit }, { total, bound: COUNT_BOUND });
}

export interface UpdateSupportTicket {
  status?: SupportStatus;
  priority?: SupportPriority;
  assigneeId?: number | null;
  category?: string | null;
  tags?: string[];
}

/** @throws AppError VALIDATION_ERROR */
async function assertAssignable(trx: Trx, id: number, assigneeId: number): Promise<void> {
  const staff = await listStaff(trx, id);
  if (!staff.some(({ userId }) => userId === assigneeId))
    throw createValidationError('assigneeId', 'must be an admin, or an organizer whom the support ticket concerns');
}

function getChanges(ticket: SupportTicketRow, changes: UpdateSupportTicket): Partial<SupportTicketValues> {
  const { priority = ticket.priority } = changes;
  const isDueMoved = priority !== ticket.priority && ticket.firstResponseAt === null && ticket.breachedAt === null;
  const due = getFirstResponseDue(ticket.createdAt, priority, config.supportFirstResponseHours);
  const { status, ...rest } = changes;
  return {
    ...rest,
    // The same status again keeps its time.
    ...(status !== ticket.status && { status }),
    ...(isDueMoved && { firstResponseDueAt: due }),
  };
}

/** Changes a support ticket as staff. @throws AppError NOT_FOUND, VALIDATION_ERROR, TICKET_CLOSED */
export async function updateSupportTicket(
  actor: Actor,
  id: number,
  changes: UpdateSupportTicket,
): Promise<SupportTicket> {
  const customerId = await runInTransaction(async (trx) => {
    const ticket = await lockAccessible(trx, actor, { id, side: 'staff' });
    if (changes.status !== undefined && changes.status !== 'closed') assertNotMerged(ticket);
    if (changes.assigneeId) await assertAssignable(trx, id, changes.assigneeId);
    await updateRow(trx, id, getChanges(ticket, changes));
    await recordActivity(trx, actor, {
      action: 'support_ticket.update',
      subjectId: id,
      details: getDifferences(ticket, changes),
    });
    if (changes.status === 'resolved' && ticket.status !== 'resolved')
      await addMessages(trx, [
        { topic: 'support.resolved', payload: { supportTicketId: id }, requestId: actor.requestId },
      ]);
    return ticket.userId;
  });
  await publishSupportChange(id, customerId);
  return readSupportTicket(id);
}

/** Lists those to whom a support ticket can be assigned. @throws AppError NOT_FOUND */
export async function listSupportStaff(actor: Actor, id: number) {
  await getAccessible(database, actor, { id, side: 'staff' });
  const staff = await listStaff(database, id);
  return staff.map(({ userId, firstName, lastName }) => ({ id: userId, firstName, lastName }));
}

function presentNote({ authorId, firstName, ...note }: SupportNoteRow) {
  return { ...note, author: { id: authorId, firstName, isStaff: true } };
}

/** Adds a note, which only staff can read. @throws AppError NOT_FOUND */
export async function addSupportNote(actor: Actor, id: number, body: string) {
  const noteId = await runOnce(actor, async (trx) => {
    await lockAccessible(trx, actor, { id, side: 'staff' });
    const subjectNoteId = await insertNote(trx, { supportTicketId: id, authorId: actor.userId, body });
    await recordActivity(trx, actor, {
      action: 'support_ticket.note',
      subjectId: id,
      details: { supportNoteId: subjectNoteId },
    });
    return subjectNoteId;
  });
  return (await listSupportNotes(actor, id)).find((note) => note.id === noteId)!;
}

/** Lists the notes of a support ticket, oldest first. @throws AppError NOT_FOUND */
export async function listSupportNotes(actor: Actor, id: number) {
  await getAccessible(database, actor, { id, side: 'staff' });
  return (await listNotes(database, id)).map(presentNote);
}

/** Step: locks both in the order of their ids. */
async function lockBoth(trx: Trx, actor: Actor, { id, intoId }: { id: number; intoId: number }) {
  const locked = new Map<number, SupportTicketRow>();
  for (const each of [id, intoId].sort((a, b) => a - b))
    locked.set(each, await lockAccessible(trx, actor, { id: each, side: 'staff' }));
  return { from: locked.get(id)!, into: locked.get(intoId)! };
}

/**
 * Moves the messages and notes of a support ticket into another one of the same customer, and closes it.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, TICKET_CLOSED
 */
export async function mergeSupportTicket(actor: Actor, id: number, intoId: number): Promise<SupportTicket> {
  const customerId = await runOnce(actor, async (trx) => {
    const { from, into } = await lockBoth(trx, actor, { id, intoId });
    if (id === intoId) throw createValidationError('intoId', 'must be another support ticket');
    assertNotMerged(from);
    if (into.mergedIntoId !== null)
      throw new AppError('TICKET_CLOSED', 'The other support ticket was itself merged into another one.');
    if (into.userId !== from.userId)
      throw createValidationError('intoId', 'must be a support ticket of the same customer');
    await moveMessages(trx, { from: id, to: intoId });
    await updateRow(trx, id, { status: 'closed', mergedIntoId: intoId });
    await updateRow(trx, intoId, {});
    await recordActivity(trx, actor, { action: 'support_ticket.merge', subjectId: id, details: { intoId } });
    return from.userId;
  });
  await publishSupportChange(id, customerId);
  await publishSupportChange(intoId, customerId);
  return readSupportTicket(intoId);
}
