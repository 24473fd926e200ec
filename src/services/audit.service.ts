import { database, type Trx } from '../database';
import type { Actor } from '../lib/actor';
import { offsetOf, pageOf } from '../lib/paging';
import {
  insertAuditEntries,
  listAuditEntries as listRows,
  MOST_COUNTED,
  type AuditFilter,
  type AuditValues,
} from '../models/audit.model';

/** Who acts where nobody is signed in. */
export type Unattended = 'terminal' | 'schedule';

export interface Activity {
  /** `<subject>.<use-case>`: event.update, order.refund … */
  action: string;
  subjectId: number | null;
  /** What changed; never a password or a token. */
  details?: Record<string, unknown>;
}

/** An activity as it is kept. */
export function auditValues(actor: Actor | Unattended, { action, subjectId, details = {} }: Activity): AuditValues {
  const subject = { action, subjectType: action.split('.', 1)[0]!, subjectId, details };
  if (typeof actor === 'string')
    return { ...subject, actorId: null, actorRole: actor, ip: null, userAgent: null, requestId: null };
  const { userId, role, ip = null, userAgent = null, requestId } = actor;
  return { ...subject, actorId: userId, actorRole: role, ip, userAgent, requestId };
}

/** Step: writes down who changes what, and from where, with the change itself. */
export async function recordActivity(trx: Trx, actor: Actor | Unattended, activity: Activity): Promise<void> {
  await insertAuditEntries(trx, [auditValues(actor, activity)]);
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
