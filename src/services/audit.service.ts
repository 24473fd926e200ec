import { database, type Trx } from '../database';
import type { Actor } from '../lib/actor';
import { offsetOf, pageOf } from '../lib/paging';
import {
  insertAuditEntries,
  listAuditEntries as listRows,
  MOST_COUNTED,
  type AuditFilter,
} from '../models/audit.model';
import { auditValues, type Activity, type Unattended } from './audit.values';

export { differences } from './audit.values';

/** Step: writes down who changes what, and from where, with the changes themselves. */
export async function recordActivities(trx: Trx, actor: Actor | Unattended, activities: Activity[]): Promise<void> {
  await insertAuditEntries(
    trx,
    activities.map((activity) => auditValues(actor, activity)),
  );
}

/** Step: the same for one change. */
export async function recordActivity(trx: Trx, actor: Actor | Unattended, activity: Activity): Promise<void> {
  await recordActivities(trx, actor, [activity]);
}

export interface ListAuditEntries extends AuditFilter {
  page: number;
  limit: number;
}

/** Newest first. */
export async function listAuditEntries({ page, limit, ...filter }: ListAuditEntries) {
  const { rows, total } = await listRows(database, filter, { limit, offset: offsetOf({ page, limit }) });
  const entries = rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }));
  return pageOf(entries, { page, limit }, { total, bound: MOST_COUNTED });
}
