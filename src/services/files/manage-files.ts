import { database, runInTransaction, type Db, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { isImage } from '../../lib/files/file-keys';
import { bumpListVersion } from '../../runtime/list-version';
import { getOffset, toPage } from '../../lib/paging';
import {
  deleteFile as deleteRow,
  deleteFilesOfOwner as deleteRowsOf,
  findFile,
  listFilesByIds,
  listFiles as listRows,
  MAX_COUNTED_ROWS,
  type FileRow,
} from '../../models/files.model';
import { recordActivity } from '../audit/record-activity';
import { getPublicUrl, getSignedUrl } from './file-urls';
import { addMessages } from '../outbox/add-messages';

/** Returns a file as the API shows it. Images are public; documents need a signed link. */
export function presentFile({ id, key, purpose, originalName, mimetype, size, width, height, ...row }: FileRow) {
  const link = isImage(mimetype) ? { url: getPublicUrl(key), expiresAt: null } : getSignedUrl(key);
  return {
    id,
    url: link.url,
    urlExpiresAt: link.expiresAt,
    filename: key,
    originalName,
    mimetype,
    size,
    purpose,
    width,
    height,
    variants: row.variants.map((each) => ({ url: getPublicUrl(each.key), width: each.width, height: each.height })),
    createdAt: row.createdAt,
  };
}

/** @throws AppError NOT_FOUND, also for files of others */
export async function getOwnFile(db: Db, actor: Actor, id: number): Promise<FileRow> {
  const file = await findFile(db, id);
  if (!file || (file.ownerId !== actor.userId && actor.role !== 'admin'))
    throw new AppError('NOT_FOUND', 'File not found.');
  return file;
}

/** Returns files that are attached to something the reader may see, by id. */
export async function presentFiles(db: Db, ids: number[]): Promise<Map<number, ReturnType<typeof presentFile>>> {
  const rows = ids.length === 0 ? [] : await listFilesByIds(db, ids);
  return new Map(rows.map((row) => [row.id, presentFile(row)]));
}

/** Step: asserts that the actor has uploaded these files, to be attached. @throws AppError NOT_FOUND */
export async function assertOwnFiles(trx: Trx, { userId }: Actor, ids: number[]): Promise<void> {
  const rows = ids.length === 0 ? [] : await listFilesByIds(trx, ids);
  const own = rows.filter(({ ownerId, purpose }) => ownerId === userId && purpose === 'file');
  if (own.length < ids.length) throw new AppError('NOT_FOUND', 'File not found.');
}

/** Lists the caller's own files, newest first. */
export async function listFiles(actor: Actor, query: { page: number; limit: number }) {
  const page = { ownerId: actor.userId, limit: query.limit, offset: getOffset(query) };
  const { rows, total } = await listRows(database, page);
  return toPage(rows.map(presentFile), query, { total, bound: MAX_COUNTED_ROWS });
}

/** @throws AppError NOT_FOUND, also for files of others */
export async function getFile(actor: Actor, id: number) {
  return presentFile(await getOwnFile(database, actor, id));
}

/** Step: adds messages that remove the objects of deleted files. */
export async function addObjectsDeletedMessages(
  trx: Trx,
  files: Pick<FileRow, 'key' | 'variants'>[],
  requestId: string | null,
): Promise<void> {
  const listKeys = ({ key, variants }: Pick<FileRow, 'key' | 'variants'>) => [key, ...variants.map((each) => each.key)];
  await addMessages(
    trx,
    files.map((file) => ({ topic: 'file.deleted', payload: { keys: listKeys(file) }, requestId })),
  );
}

/** Step: deletes a file that is replaced by another; null does nothing. */
export async function replaceFile(trx: Trx, actor: Actor, key: string | null): Promise<void> {
  const deleted = key === null ? undefined : await deleteRow(trx, { key });
  if (deleted) await addObjectsDeletedMessages(trx, [deleted], actor.requestId);
}

/** Deletes a file; whatever showed it then shows nothing. @throws AppError NOT_FOUND, also for files of others, FILE_IN_USE */
export async function deleteFile(actor: Actor, id: number): Promise<void> {
  await getOwnFile(database, actor, id);
  await runInTransaction(async (trx) => {
    const deleted = await deleteRow(trx, { id });
    if (!deleted) throw new AppError('NOT_FOUND', 'File not found.');
    await addObjectsDeletedMessages(trx, [deleted], actor.requestId);
    await recordActivity(trx, actor, { action: 'file.delete', subjectId: id });
  });
  bumpListVersion();
}

/** Step: deletes all files of a user. */
export async function deleteFilesOfUser(
  trx: Trx,
  { userId, requestId }: Pick<Actor, 'userId' | 'requestId'>,
): Promise<void> {
  await addObjectsDeletedMessages(trx, await deleteRowsOf(trx, userId), requestId);
}
