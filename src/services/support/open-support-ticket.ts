import { config } from '../../config';
import { database, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import type { SupportStatus } from '../../lib/statuses';
import { getFirstResponseDue, toSupportNumber } from '../../lib/support';
import { findConcernedOrganizers } from '../../models/support/support-people';
import { insertSupportMessage } from '../../models/support/support-messages';
import { COUNT_BOUND, listSupportTickets as listRows } from '../../models/support/support-queue';
import {
  countRecentSupportTickets,
  getSupportTickets,
  insertSupportTicket,
  type SupportSubject,
} from '../../models/support/support-tickets';
import { assertOwnFiles } from '../files/manage-files';
import { runOnce } from '../idempotency.service';
import { lockAccountById } from '../users/accounts';
import { presentSupportTickets, type SupportTicket } from './present-support-ticket';
import { getAccessible } from './support-access';
import { addSupportMessageNotices, publishSupportChange } from './support-notices';

export interface OpenSupportTicket extends SupportSubject {
  subject: string;
  message: string;
  category: string | null;
  fileIds: number[];
}

const MAX_PER_HOUR = 10;
const SECONDS_PER_HOUR = 3600;

/** @throws AppError NOT_FOUND */
export async function getSupportTicket(actor: Actor, id: number): Promise<SupportTicket> {
  const [ticket] = await presentSupportTickets([await getAccessible(database, actor, { id })]);
  return ticket!;
}

/** Step: returns support tickets by id, without asking who reads them. */
export async function readSupportTicket(id: number): Promise<SupportTicket> {
  const [ticket] = await presentSupportTickets(await getSupportTickets(database, [id]));
  return ticket!;
}

/** Step: asserts that the user has not opened too many. @throws AppError RATE_LIMITED */
async function assertNotTooMany(trx: Trx, userId: number): Promise<void> {
  // Serialized per user, so that each counts the ones before it.
  await lockAccountById(trx, userId);
  const { count, firstSecondsAgo } = await countRecentSupportTickets(trx, userId);
  if (count < MAX_PER_HOUR) return;
  const retryAfter = Math.max(1, Math.ceil(SECONDS_PER_HOUR - firstSecondsAgo));
  throw new AppError('RATE_LIMITED', `You can open ${MAX_PER_HOUR} support tickets an hour.`, { retryAfter });
}

/** Step: returns the organizers whose business it is. @throws AppError NOT_FOUND for what is not there or another's */
async function getConcernedOrganizers(trx: Trx, userId: number, about: SupportSubject): Promise<number[]> {
  for (const name of ['orderId', 'bookingId', 'eventId', 'licenseId'] as const) {
    const id = about[name];
    if (id === undefined) continue;
    const organizerIds = await findConcernedOrganizers(trx, name, { id, userId });
    if (!organizerIds)
      throw new AppError('NOT_FOUND', 'Not found.', { details: [{ path: name, message: `${name} is not yours` }] });
    return organizerIds;
  }
  return [];
}

/**
 * Opens a support ticket and has the staff notified.
 * @throws AppError NOT_FOUND, RATE_LIMITED
 */
export async function openSupportTicket(
  actor: Actor,
  { subject, message, category, fileIds, ...about }: OpenSupportTicket,
): Promise<SupportTicket> {
  const { userId } = actor;
  const id = await runOnce(actor, async (trx) => {
    const organizerIds = await getConcernedOrganizers(trx, userId, about);
    await assertOwnFiles(trx, actor, fileIds);
    await assertNotTooMany(trx, userId);
    const firstResponseDueAt = getFirstResponseDue(new Date(), 'normal', config.supportFirstResponseHours);
    const supportTicketId = await insertSupportTicket(trx, {
      userId,
      subject,
      category,
      about,
      organizerIds,
      firstResponseDueAt,
    });
    const supportMessageId = await insertSupportMessage(trx, {
      supportTicketId,
      authorId: userId,
      isStaff: false,
      body: message,
      fileIds,
    });
    await addSupportMessageNotices(trx, {
      supportTicketId,
      supportMessageId,
      customerId: userId,
      isFromStaff: false,
      requestId: actor.requestId,
    });
    return supportTicketId;
  });
  await publishSupportChange(id, userId);
  return readSupportTicket(id);
}

export interface ListSupportTickets {
  page: number;
  limit: number;
  status?: SupportStatus;
}

/** Lists the caller's own support tickets, newest first. */
export async function listSupportTickets(actor: Actor, { page, limit, status }: ListSupportTickets) {
  const filter = { userId: actor.userId, status };
  const { rows, total } = await listRows(database, filter, {
    order: 'newest',
    limit,
    offset: getOffset({ page, limit }),
  });
  return toPage(await presentSupportTickets(rows), { page, limit }, { total, bound: COUNT_BOUND });
}

/** Returns what open pages are told of changed support tickets, by id. */
export async function listSupportChanges(ids: number[]) {
  const rows = await getSupportTickets(database, ids);
  const toChange = ({ id, status, updatedAt }: (typeof rows)[number]) => ({
    id,
    number: toSupportNumber(id),
    status,
    updatedAt: updatedAt.toISOString(),
  });
  return new Map(rows.map((row) => [row.id, toChange(row)]));
}
