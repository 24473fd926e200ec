import { getBrokenConstraint, type Db, type Trx } from '../database';
import type { Selected, Shaped } from '../database/query';
import { AppError } from '../errors';
import type { FileType } from '../lib/files/file-keys';
import { float8, jsonb, query, queryOne, statement, text } from './statement';

/** The purpose of a file; `file` is for any use by its owner. */
export type FilePurpose = 'file' | 'cover' | 'logo' | 'product';

export interface FileVariant {
  key: string;
  width: number;
  height: number;
  size: number;
}

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

export type FileRow = Selected<'files', typeof COLUMNS>;

export type NewFile = Omit<FileRow, 'id' | 'createdAt'>;

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 1000;

const TAG = statement({
  name: 'files-tag',
  columns: { tag: text('left(id::text, 8)') },
  sql: (list) => `SELECT ${list} FROM installations`,
});

/** Returns the part of every key that identifies this installation. */
export async function findTag(db: Db): Promise<string> {
  const { tag } = await queryOne(db, TAG);
  return tag;
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

const BYTES_OF_OWNER = statement({
  name: 'files-bytes-of-owner',
  columns: { bytes: float8('coalesce(sum(f.size + v.bytes), 0)::float8') },
  sql: (list) => `
  SELECT ${list}
  FROM files f
  CROSS JOIN LATERAL (
    SELECT coalesce(sum((v ->> 'size')::bigint), 0) AS bytes
    FROM jsonb_array_elements(f.variants) v
  ) v
  WHERE f.owner_id = :ownerId`,
});

/** Returns the size of an account's files in bytes, including pending ones. */
export async function sumBytesOfOwner(trx: Trx, ownerId: number): Promise<number> {
  const { bytes } = await queryOne(trx, BYTES_OF_OWNER, { ownerId });
  return bytes;
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

/** Returns those of these files that exist, by id. */
export async function listFilesByIds(db: Db, ids: number[]): Promise<FileRow[]> {
  return db('files').where({ status: 'stored' }).whereIn('id', ids).orderBy('id').select(COLUMNS);
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

/** Deletes a file and returns it; undefined if there was none. @throws AppError FILE_IN_USE */
export async function deleteFile(
  trx: Trx,
  where: { id: number } | { key: string } | { id: number; status: 'pending' },
): Promise<Objects | undefined> {
  try {
    const [row] = await trx('files').where(where).delete().returning({ key: 'key', variants: VARIANTS });
    return row;
  } catch (error) {
    throw getBrokenConstraint(error) === 'products_file_id_fkey'
      ? new AppError('FILE_IN_USE', undefined, { cause: error })
      : error;
  }
}

const DELETE_ABANDONED = statement({
  name: 'files-delete-abandoned',
  columns: {
    key: text('key'),
    variants: jsonb<FileVariant[]>('variants'),
  },
  sql: (list) => `
  DELETE FROM files
  WHERE id = ANY (ARRAY(
    SELECT id
    FROM files
    WHERE status = 'pending' AND created_at < now() - make_interval(mins => :minutes)
    ORDER BY created_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  ))
  RETURNING
    ${list}`,
});

/** Deletes and returns files whose upload was abandoned. */
export async function deleteAbandonedFiles(
  trx: Trx,
  { minutes, limit }: { minutes: number; limit: number },
): Promise<Objects[]> {
  return query(trx, DELETE_ABANDONED, { minutes, limit });
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

const COUNT_OBJECTS = statement({
  name: 'files-count-objects',
  columns: { count: float8('coalesce(sum(1 + jsonb_array_length(variants)), 0)::float8') },
  sql: (list) => `SELECT ${list} FROM files WHERE status = 'stored'`,
});

/** Counts the objects of all files, including variants. */
export async function countObjects(db: Db): Promise<number> {
  const { count } = await queryOne(db, COUNT_OBJECTS);
  return count;
}

/** Deletes and returns all files of a user. */
export async function deleteFilesOfOwner(trx: Trx, ownerId: number): Promise<Objects[]> {
  return trx('files').where({ owner_id: ownerId }).delete().returning({ key: 'key', variants: VARIANTS });
}
