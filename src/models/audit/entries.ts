import type { Db, Trx } from '../../database';
import type { AuditValues } from '../../lib/audit-values';
import { asInt, asJsonb, asText, rowSet } from '../row-set';
import {
  bool,
  int4,
  int8,
  jsonb,
  orNull,
  pipeline,
  queryPage,
  statement,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';

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

const EXAMPLES: AuditFilter[] = [
  {},
  { actorId: 1, action: 'event.update', subjectType: 'event', subjectId: 1, from: new Date(0), to: new Date(0) },
];

const LIST = statementFamily({
  name: 'audit-list',
  columns: {
    id: int8('a.id'),
    actorId: orNull(int4('a.actor_id')),
    actorRole: text('a.actor_role'),
    actorEmail: orNull(text('u.email')),
    action: text('a.action'),
    subjectType: text('a.subject_type'),
    subjectId: orNull(int4('a.subject_id')),
    details: jsonb<Record<string, unknown>>('a.details'),
    ip: orNull(text('a.ip')),
    userAgent: orNull(text('a.user_agent')),
    requestId: orNull(text('a.request_id')),
    createdAt: timestamptz('a.created_at'),
    isChained: bool('EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = a.id)'),
  },
  examples: EXAMPLES,
  sql: (list, filter: AuditFilter) => `
  SELECT
    ${list}
  FROM (
    SELECT *
    FROM audit_entries a
    WHERE ${toConditions(filter)}
    ORDER BY id DESC
    LIMIT :limit
    OFFSET :offset
  ) a
  LEFT JOIN users u ON u.id = a.actor_id
  ORDER BY a.id DESC`,
});

export type AuditRow = ResultOf<ReturnType<typeof LIST>>;

const COUNT = statementFamily({
  name: 'audit-count',
  columns: { total: int8('count(*)') },
  examples: EXAMPLES,
  sql: (list, filter: AuditFilter) =>
    `SELECT ${list} FROM (SELECT FROM audit_entries a WHERE ${toConditions(filter)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

/** Returns a page, newest first, with the total. */
export async function listAuditEntries(
  db: Db,
  filter: AuditFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: AuditRow[]; total: number }> {
  const values = { ...filter };
  return queryPage(db, { list: LIST(filter), count: COUNT(filter) }, { ...values, limit, offset });
}
