import { send, type Db, type Trx } from '../../database';
import type { AuditValues } from '../../lib/audit-values';
import { toNumberArray, toTextArray } from '../../lib/pg-array';

/** Inserts entries in one statement. */
export async function insertAuditEntries(trx: Trx, entries: AuditValues[]): Promise<void> {
  if (entries.length === 0) return;
  await send(
    trx,
    trx.raw(
      `INSERT INTO audit_entries (actor_id, actor_role, action, subject_type, subject_id, details, ip, user_agent, request_id)
       SELECT * FROM unnest(:actorIds::int[], :actorRoles::text[], :actions::text[], :subjectTypes::text[], :subjectIds::int[],
                            :details::jsonb[], :ips::text[], :userAgents::text[], :requestIds::text[])`,
      {
        actorIds: toNumberArray(entries.map(({ actorId }) => actorId)),
        actorRoles: toTextArray(entries.map(({ actorRole }) => actorRole)),
        actions: toTextArray(entries.map(({ action }) => action)),
        subjectTypes: toTextArray(entries.map(({ subjectType }) => subjectType)),
        subjectIds: toNumberArray(entries.map(({ subjectId }) => subjectId)),
        details: toTextArray(entries.map(({ details }) => JSON.stringify(details))),
        ips: toTextArray(entries.map(({ ip }) => ip)),
        userAgents: toTextArray(entries.map(({ userAgent }) => userAgent)),
        requestIds: toTextArray(entries.map(({ requestId }) => requestId)),
      },
    ),
  );
}

export interface AuditFilter {
  actorId?: number;
  action?: string;
  subjectType?: string;
  subjectId?: number;
  from?: Date;
  to?: Date;
}

export interface AuditRow extends AuditValues {
  id: number;
  actorEmail: string | null;
  createdAt: Date;
  isChained: boolean;
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

function toConditions(filter: AuditFilter): string {
  const conditions = [
    'true',
    filter.actorId !== undefined && 'a.actor_id = :actorId',
    filter.action !== undefined && 'a.action = :action',
    filter.subjectType !== undefined && 'a.subject_type = :subjectType',
    filter.subjectId !== undefined && 'a.subject_id = :subjectId',
    filter.from && 'a.created_at >= :from',
    filter.to && 'a.created_at < :to',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

/** Returns a page, newest first, with the total. */
export async function listAuditEntries(
  db: Db,
  filter: AuditFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: AuditRow[]; total: number }> {
  const where = toConditions(filter);
  const values = { ...filter, limit, offset };
  const [page, count] = await Promise.all([
    db.raw<{ rows: AuditRow[] }>(
      `SELECT a.id, a.actor_id AS "actorId", a.actor_role AS "actorRole", u.email AS "actorEmail", a.action, a.subject_type AS "subjectType",
              a.subject_id AS "subjectId", a.details, a.ip, a.user_agent AS "userAgent", a.request_id AS "requestId",
              a.created_at AS "createdAt", EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = a.id) AS "isChained"
       FROM (SELECT * FROM audit_entries a WHERE ${where} ORDER BY id DESC LIMIT :limit OFFSET :offset) a
       LEFT JOIN users u ON u.id = a.actor_id ORDER BY a.id DESC`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total FROM (SELECT FROM audit_entries a WHERE ${where} LIMIT ${MAX_COUNTED_ROWS}) n`,
      values,
    ),
  ]);
  return { rows: page.rows, total: count.rows[0]!.total };
}
