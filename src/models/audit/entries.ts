import type { Db, Trx } from '../../database';
import type { AuditValues } from '../../lib/audit-values';
import { asInt, asJsonb, asText, rowSet } from '../row-set';
import { pipeline, statement } from '../statement';

const ENTRIES = rowSet('audit_entries', 'e').from<AuditValues>({
  actor_id: asInt(({ actorId }) => actorId),
  actor_role: asText(({ actorRole }) => actorRole),
  action: asText(({ action }) => action),
  subject_type: asText(({ subjectType }) => subjectType),
  subject_id: asInt(({ subjectId }) => subjectId),
  details: asJsonb(({ details }) => details),
  ip: asText(({ ip }) => ip),
  user_agent: asText(({ userAgent }) => userAgent),
  request_id: asText(({ requestId }) => requestId),
});

const INSERT_ENTRIES = statement({
  name: 'audit-insert',
  columns: {},
  sql: () => `
  INSERT INTO audit_entries (
      ${ENTRIES.columns}
  )
  SELECT
      ${ENTRIES.values}
  FROM ${ENTRIES.rows}`,
});

/** Inserts entries in one statement. */
export async function insertAuditEntries(trx: Trx, entries: AuditValues[]): Promise<void> {
  if (entries.length === 0) return;
  await pipeline(trx, INSERT_ENTRIES, ENTRIES.bind(entries));
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
