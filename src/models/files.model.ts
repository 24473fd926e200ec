import type { Db, Trx } from '../database';
import type { Shaped } from '../database.query';
import type { FileType } from '../lib/files/file-keys';

/** The purpose of a file; `file` is for any use by its owner. */
export type FilePurpose = 'file' | 'cover' | 'logo';

export interface FileVariant {
  key: string;
  width: number;
  height: number;
  size: number;
}

export interface FileRow {
  id: number;
  ownerId: number;
  key: string;
  purpose: FilePurpose;
  originalName: string;
  mimetype: FileType;
  size: number;
  width: number | null;
  height: number | null;
  variants: FileVariant[];
  createdAt: Date;
}

export type NewFile = Omit<FileRow, 'id' | 'createdAt'>;

const VARIANTS = 'variants' as Shaped<'variants', FileVariant[]>;

const COLUMNS = {
  id: 'id',
  ownerId: 'owner_id',
  key: 'key',
  purpose: 'purpose',
  originalName: 'original_name',
  mimetype: 'mimetype' as Shaped<'mimetype', FileType>,
  size: 'size',
  width: 'width',
  height: 'height',
  variants: VARIANTS,
  createdAt: 'created_at',
} as const;

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 1000;

/** Returns the part of every key that identifies this installation. */
export async function findTag(db: Db): Promise<string> {
  const row = await db('installations').first(db.raw<{ tag: string }>('left(id::text, 8) AS tag'));
  return row!.tag;
}

/** Inserts a pending file, which `updateStored` completes. */
export async function insertFile(db: Db, { variants, ...file }: NewFile): Promise<FileRow> {
  const [row] = await db('files')
    .insert({
      owner_id: file.ownerId,
      key: file.key,
      purpose: file.purpose,
      original_name: file.originalName,
      mimetype: file.mimetype,
      size: file.size,
      width: file.width,
      height: file.height,
      variants: JSON.stringify(variants),
    })
    .returning(COLUMNS);
  return row!;
}

/** Returns the size of an account's files in bytes, including pending ones. */
export async function sumBytesOfOwner(trx: Trx, ownerId: number): Promise<number> {
  const { rows } = await trx.raw<{ rows: { bytes: number }[] }>(
    `SELECT coalesce(sum(f.size + (SELECT coalesce(sum((v ->> 'size')::bigint), 0) FROM jsonb_array_elements(f.variants) v)), 0)::float8 AS bytes
     FROM files f WHERE f.owner_id = ?`,
    [ownerId],
  );
  return rows[0]!.bytes;
}

/** Completes a pending file; false if it is no longer pending. */
export async function updateStored(trx: Trx, id: number): Promise<boolean> {
  const count = await trx('files')
    .where({ id, status: 'pending' })
    .update({ status: 'stored', stored_at: trx.raw('clock_timestamp()') });
  return count === 1;
}

export async function findFile(db: Db, id: number): Promise<FileRow | undefined> {
  return db('files').where({ id, status: 'stored' }).first(COLUMNS);
}

export async function findFileByKey(db: Db, key: string): Promise<FileRow | undefined> {
  return db('files').where({ key, status: 'stored' }).first(COLUMNS);
}

interface Page {
  ownerId: number;
  limit: number;
  offset: number;
}

/** Returns a page, newest first. */
export async function listFiles(db: Db, { ownerId, limit, offset }: Page): Promise<{ rows: FileRow[]; total: number }> {
  const selectOwn = () => db('files').where({ owner_id: ownerId, status: 'stored' });
  const [rows, [count]] = await Promise.all([
    selectOwn().orderBy('id', 'desc').limit(limit).offset(offset).select(COLUMNS),
    db.from(selectOwn().limit(MAX_COUNTED_ROWS).select('id').as('counted')).count<{ count: number }[]>('* as count'),
  ]);
  return { rows, total: count!.count };
}

type Objects = Pick<FileRow, 'key' | 'variants'>;

/** Deletes a file and returns it; undefined if there was none. */
export async function deleteFile(
  trx: Trx,
  where: { id: number } | { key: string } | { id: number; status: 'pending' },
): Promise<Objects | undefined> {
  const [row] = await trx('files').where(where).delete().returning({ key: 'key', variants: VARIANTS });
  return row;
}

/** Deletes and returns files whose upload was abandoned. */
export async function deleteAbandonedFiles(
  trx: Trx,
  { minutes, limit }: { minutes: number; limit: number },
): Promise<Objects[]> {
  const { rows } = await trx.raw<{ rows: Objects[] }>(
    `DELETE FROM files WHERE id = ANY (ARRAY(
       SELECT id FROM files WHERE status = 'pending' AND created_at < now() - make_interval(mins => ?)
       ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED))
     RETURNING key, variants`,
    [minutes, limit],
  );
  return rows;
}

/** Returns those of these keys that belong to a file, stored or pending. */
export async function listKnownKeys(db: Db, keys: string[]): Promise<Set<string>> {
  const found: string[] = await db('files').whereIn('key', keys).pluck('key');
  return new Set(found);
}

/** Lists stored files in the order of ids, after `afterId`. */
export async function listStoredFiles(
  db: Db,
  { afterId, limit }: { afterId: number; limit: number },
): Promise<FileRow[]> {
  return db('files').where({ status: 'stored' }).where('id', '>', afterId).orderBy('id').limit(limit).select(COLUMNS);
}

/** Counts the objects of all files, including variants. */
export async function countObjects(db: Db): Promise<number> {
  const [row] = await db('files')
    .where({ status: 'stored' })
    .select(db.raw<{ count: number }>('coalesce(sum(1 + jsonb_array_length(variants)), 0)::float8 AS count'));
  return row!.count;
}

/** Deletes and returns all files of a user. */
export async function deleteFilesOfOwner(trx: Trx, ownerId: number): Promise<Objects[]> {
  return trx('files').where({ owner_id: ownerId }).delete().returning({ key: 'key', variants: VARIANTS });
}
