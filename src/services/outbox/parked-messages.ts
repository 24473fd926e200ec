import { database, runInTransaction } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  listParkedMessages as listRows,
  MAX_COUNTED_ROWS,
  updateAllParkedAsNew,
  updateParkedAsNew,
  type ParkedRow,
} from '../../models/outbox/parked-messages';
import { recordActivities, recordActivity } from '../audit/record-activity';
import { wakeRelay } from './add-messages';

function present({ createdAt, parkedAt, ...row }: ParkedRow) {
  return { ...row, createdAt: createdAt.toISOString(), parkedAt: parkedAt.toISOString() };
}

/** Lists parked messages, which failed ten times and need attention, newest first. */
export async function listParkedMessages(query: { page: number; limit: number; topic?: string }) {
  const { rows, total } = await listRows(database, { ...query, offset: getOffset(query) });
  return toPage(rows.map(present), query, { total, bound: MAX_COUNTED_ROWS });
}

/** Retries a parked message. @throws AppError NOT_FOUND */
export async function retryMessage(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    if (!(await updateParkedAsNew(trx, id))) throw new AppError('NOT_FOUND', 'Parked message not found.');
    await recordActivity(trx, actor, { action: 'message.retry', subjectId: id });
  });
  wakeRelay();
}

/** Retries all parked messages, or those of a topic. Returns how many. */
export async function retryParkedMessages(actor: Actor, topic: string | undefined): Promise<number> {
  const ids = await runInTransaction(async (trx) => {
    const retried = await updateAllParkedAsNew(trx, topic);
    const activities = retried.map((subjectId) => ({ action: 'message.retry', subjectId }) as const);
    if (retried.length > 0) await recordActivities(trx, actor, activities);
    return retried;
  });
  wakeRelay();
  return ids.length;
}
