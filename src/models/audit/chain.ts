import type { Db, Trx } from '../../database';

export interface Link {
  position: number;
  hash: Buffer;
}

/** The content that a link's hash covers: every column, formatted independently of the session's settings. */
const CONTENT = `jsonb_build_array(e.id, e.actor_id, e.actor_role, e.action, e.subject_type, e.subject_id, e.details, e.ip, e.user_agent,
  e.request_id, (extract(epoch FROM e.created_at) * 1000000)::bigint)::text`;

/** Locks the chain; false if another process holds it. */
export async function lockChain(trx: Trx): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { isOurs: boolean }[] }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('bilten audit chain')) AS "isOurs"`,
  );
  return rows[0]!.isOurs;
}

export async function findLastLink(db: Db): Promise<Link | undefined> {
  return db('audit_chain').orderBy('position', 'desc').first('position', 'hash');
}

export interface Content {
  entryId: number;
  content: string;
}

/** Lists entries that are not chained, by id. An entry that commits later is chained later. */
export async function listUnchained(trx: Trx, limit: number): Promise<Content[]> {
  const { rows } = await trx.raw<{ rows: Content[] }>(
    `SELECT e.id AS "entryId", ${CONTENT} AS content
     FROM (SELECT entry_id FROM audit_unchained ORDER BY entry_id LIMIT ?) u
     CROSS JOIN LATERAL (SELECT * FROM audit_entries WHERE id = u.entry_id OFFSET 0) e ORDER BY e.id`,
    [limit],
  );
  return rows;
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

export interface ChainedRow extends Link {
  entryId: number;
  /** Null if the entry is missing. */
  content: string | null;
}

export async function listLinksAfter(db: Db, position: number, limit: number): Promise<ChainedRow[]> {
  const { rows } = await db.raw<{ rows: ChainedRow[] }>(
    `SELECT c.position, c.entry_id AS "entryId", c.hash, CASE WHEN e.id IS NOT NULL THEN ${CONTENT} END AS content
     FROM (SELECT * FROM audit_chain WHERE position > ? ORDER BY position LIMIT ?) c
     LEFT JOIN audit_entries e ON e.id = c.entry_id ORDER BY c.position`,
    [position, limit],
  );
  return rows;
}

/** Returns the id of an entry that is neither chained nor waiting to be. */
export async function findUnchainedAuditEntry(db: Db): Promise<number | undefined> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `SELECT e.id FROM audit_entries e
     WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.entry_id = e.id) AND NOT EXISTS (SELECT FROM audit_unchained u WHERE u.entry_id = e.id)
     ORDER BY e.id LIMIT 1`,
  );
  return rows[0]?.id;
}

export async function countUnchained(db: Db): Promise<number> {
  const [row] = await db('audit_unchained').count('* as count');
  return row!.count;
}
