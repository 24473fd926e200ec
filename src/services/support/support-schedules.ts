import { runInTransaction } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { CLOSE_DAYS } from '../../lib/support';
import { closeResolved, markLate } from '../../models/support/support-tickets';
import { recordActivities } from '../audit/record-activity';
import { addOverdueNotices } from './support-notices';

const CHUNK_SIZE = 200;

/** Marks support tickets that nobody has answered in time, once each, and has staff notified. Returns how many. */
export async function markLateSupportTickets(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, (limit) =>
    runInTransaction(async (trx) => {
      const ids = await markLate(trx, limit);
      await addOverdueNotices(trx, ids);
      return ids.length;
    }),
  );
}

/** Closes support tickets that were resolved some days ago and are still. Returns how many. */
export async function closeResolvedSupportTickets(): Promise<number> {
  return repeatInChunks(CHUNK_SIZE, (limit) =>
    runInTransaction(async (trx) => {
      const ids = await closeResolved(trx, { days: CLOSE_DAYS, limit });
      const activities = ids.map((subjectId) => ({ action: 'support_ticket.close', subjectId }));
      await recordActivities(trx, 'schedule', activities);
      return ids.length;
    }),
  );
}
