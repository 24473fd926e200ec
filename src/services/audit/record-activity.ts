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

/** Step: writes down who changes what, and from where, with the changes themselves. */
export async function recordActivities(trx: Trx, actor: Actor | SystemActor, activities: Activity[]): Promise<void> {
  await insertAuditEntries(
    trx,
    activities.map((activity) => toAuditValues(actor, activity)),
  );
}

/** Step: the same for one change. */
export async function recordActivity(trx: Trx, actor: Actor | SystemActor, activity: Activity): Promise<void> {
  await recordActivities(trx, actor, [activity]);
}

export interface ListAuditEntries extends AuditFilter {
  page: number;
  limit: number;
}

/** Newest first. */
export async function listAuditEntries({ page, limit, ...filter }: ListAuditEntries) {
  const { rows, total } = await listRows(database, filter, { limit, offset: getOffset({ page, limit }) });
  const entries = rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
  return toPage(entries, { page, limit }, { total, bound: MAX_COUNTED_ROWS });
}
