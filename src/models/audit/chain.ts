import type { Db, Trx } from '../../database';
import { bool, bytea, int8, orNull, query, queryOne, statement, text, type ResultOf } from '../statement';

export interface Link {
  position: number;
  hash: Buffer;
}

/** The content that a link's hash covers: every column, formatted independently of the session's settings. */
const CONTENT = `jsonb_build_array(
      e.id,
      e.actor_id,
      e.actor_role,
      e.action,
      e.subject_type,
      e.subject_id,
      e.details,
      e.ip,
      e.user_agent,
      e.request_id,
      (extract(epoch FROM e.created_at) * 1000000)::bigint
    )::text`;

const LOCK = statement({
  name: 'audit-lock-chain',
  columns: { isOurs: bool("pg_try_advisory_xact_lock(hashtext('bilten audit chain'))") },
  sql: (list) => `SELECT ${list}`,
});

/** Locks the chain; false if another process holds it. */
export async function lockChain(trx: Trx): Promise<boolean> {
  const { isOurs } = await queryOne(trx, LOCK);
  return isOurs;
}

export async function findLastLink(db: Db): Promise<Link | undefined> {
  return db('audit_chain').orderBy('position', 'desc').first('position', 'hash');
}

const UNCHAINED = statement({
  name: 'audit-unchained',
  columns: {
    entryId: int8('e.id'),
    content: text(CONTENT),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (SELECT entry_id FROM audit_unchained ORDER BY entry_id LIMIT :limit) u
  CROSS JOIN LATERAL (SELECT * FROM audit_entries WHERE id = u.entry_id OFFSET 0) e
  ORDER BY e.id`,
});

export type Content = ResultOf<typeof UNCHAINED>;

/** Lists entries that are not chained, by id. An entry that commits later is chained later. */
export async function listUnchained(trx: Trx, limit: number): Promise<Content[]> {
  return query(trx, UNCHAINED, { limit });
}

export async function insertLinks(trx: Trx, links: (Link & { entryId: number })[]): Promise<void> {
  await trx('audit_chain').insert(links.map(({ position, entryId, hash }) => ({ position, entry_id: entryId, hash })));
  await trx('audit_unchained')
    .whereIn(
      'entry_id',
      links.map(({ entryId }) => entryId),
    )
    .delete();
}

const LINKS_AFTER = statement({
  name: 'audit-links-after',
  columns: {
    position: int8('c.position'),
    entryId: int8('c.entry_id'),
    hash: bytea('c.hash'),
    /** Null if the entry is missing. */
    content: orNull(text(`CASE WHEN e.id IS NOT NULL THEN ${CONTENT} END`)),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (SELECT * FROM audit_chain WHERE position > :position ORDER BY position LIMIT :limit) c
  LEFT JOIN audit_entries e ON e.id = c.entry_id
  ORDER BY c.position`,
});

export type ChainedRow = ResultOf<typeof LINKS_AFTER>;

export async function listLinksAfter(db: Db, position: number, limit: number): Promise<ChainedRow[]> {
  return query(db, LINKS_AFTER, { position, limit });
}

const FIND_UNCHAINED = statement({
  name: 'audit-find-unchained',
  columns: { id: int8('e.id') },
  sql: (list) => `
  SELECT ${list}
  FROM audit_entries e
  WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = e.id)
    AND NOT EXISTS (SELECT FROM audit_unchained u WHERE u.entry_id = e.id)
  ORDER BY e.id
  LIMIT 1`,
});

/** Returns the id of an entry that is neither chained nor waiting to be. */
export async function findUnchainedAuditEntry(db: Db): Promise<number | undefined> {
  const [row] = await query(db, FIND_UNCHAINED);
  return row?.id;
}

export async function countUnchained(db: Db): Promise<number> {
  const [row] = await db('audit_unchained').count('* as count');
  return row!.count;
}
