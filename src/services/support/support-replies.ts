import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import {
  deleteReply,
  insertReply,
  listReplies,
  lockReply,
  updateReply,
  type ReplyRow,
  type ReplyValues,
} from '../../models/support/support-replies';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';

function presentReply({ organizerId, ...reply }: ReplyRow) {
  return { ...reply, isShared: organizerId === null };
}

/** Lists the replies that all staff share, and the caller's own. */
export async function listSupportReplies(actor: Actor) {
  return (await listReplies(database, actor.userId)).map(presentReply);
}

/** Creates a reply: an admin's is for all staff, an organizer's is their own. */
export async function createSupportReply(actor: Actor, values: ReplyValues) {
  return runOnce(actor, async (trx) => {
    const reply = await insertReply(trx, actor.role === 'admin' ? null : actor.userId, values);
    await recordActivity(trx, actor, { action: 'support_reply.create', subjectId: reply.id });
    return presentReply(reply);
  });
}

/** Step: locks a reply that the actor may change. @throws AppError NOT_FOUND */
async function lockOwnReply(trx: Trx, { role, userId }: Actor, id: number): Promise<void> {
  const reply = await lockReply(trx, id);
  if (!reply || (role !== 'admin' && reply.organizerId !== userId)) throw new AppError('NOT_FOUND', 'Reply not found.');
}

/** @throws AppError NOT_FOUND, also for the replies of others */
export async function updateSupportReply(actor: Actor, id: number, values: Partial<ReplyValues>) {
  return runInTransaction(async (trx) => {
    await lockOwnReply(trx, actor, id);
    const reply = await updateReply(trx, id, values);
    await recordActivity(trx, actor, { action: 'support_reply.update', subjectId: id });
    return presentReply(reply);
  });
}

/** @throws AppError NOT_FOUND, also for the replies of others */
export async function deleteSupportReply(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    await lockOwnReply(trx, actor, id);
    await deleteReply(trx, id);
    await recordActivity(trx, actor, { action: 'support_reply.delete', subjectId: id });
  });
}
