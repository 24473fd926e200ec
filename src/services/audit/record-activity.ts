import { database, type Trx } from '../../database';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  insertAuditEntries,
  listAuditEntries as listRows,
  MAX_COUNTED_ROWS,
  type AuditFilter,
} from '../../models/audit/entries';
import { toAuditValues, type Activity, type SystemActor } from '../../lib/audit-values';

export { getDifferences } from '../../lib/audit-values';

/** Step: records who changed what, and from where, in the transaction of the changes. */
export async function recordActivities(trx: Trx, actor: Actor | SystemActor, activities: Activity[]): Promise<void> {
  await insertAuditEntries(
    trx,
    activities.map((activity) => toAuditValues(actor, activity)),
  );
}

/** Step: records a single change. */
export async function recordActivity(trx: Trx, actor: Actor | SystemActor, activity: Activity): Promise<void> {
  await recordActivities(trx, actor, [activity]);
}

export interface ListAuditEntries extends AuditFilter {
  page: number;
  limit: number;
}

/** Lists audit entries, newest first. */
export async function listAuditEntries({ page, limit, ...filter }: ListAuditEntries) {
  const { rows, total } = await listRows(database, filter, { limit, offset: getOffset({ page, limit }) });
  const entries = rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
  return toPage(entries, { page, limit }, { total, bound: MAX_COUNTED_ROWS });
}
