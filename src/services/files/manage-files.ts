import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { isImage } from '../../lib/files/file-keys';
import { bumpListVersion } from '../../runtime/list-version';
import { getOffset, toPage } from '../../lib/paging';
import {
  deleteFile as deleteRow,
  deleteFilesOfOwner as deleteRowsOf,
  findFile,
  listFiles as listRows,
  MAX_COUNTED_ROWS,
  type FileRow,
} from '../../models/files.model';
import { recordActivity } from '../audit/record-activity';
import { getPublicUrl, getSignedUrl } from './file-urls';
import { addMessages } from '../outbox/add-messages';

/** A file as the contract shows it: everybody may see an image, a document whoever has its link. */
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

async function getOwnFile(actor: Actor, id: number): Promise<FileRow> {
  const file = await findFile(database, id);
  if (!file || (file.ownerId !== actor.userId && actor.role !== 'admin'))
    throw new AppError('NOT_FOUND', 'File not found.');
  return file;
}

/** The caller's own, newest first. */
export async function listFiles(actor: Actor, query: { page: number; limit: number }) {
  const page = { ownerId: actor.userId, limit: query.limit, offset: getOffset(query) };
  const { rows, total } = await listRows(database, page);
  return toPage(rows.map(presentFile), query, { total, bound: MAX_COUNTED_ROWS });
}

/** @throws AppError NOT_FOUND, also for another's */
export async function getFile(actor: Actor, id: number) {
  return presentFile(await getOwnFile(actor, id));
}

/** Step: has the worker remove the objects of files whose rows are gone. */
export async function addObjectsDeletedMessages(
  trx: Trx,
  files: Pick<FileRow, 'key' | 'variants'>[],
  requestId: string | null,
): Promise<void> {
  const keysOf = ({ key, variants }: Pick<FileRow, 'key' | 'variants'>) => [key, ...variants.map((each) => each.key)];
  await addMessages(
    trx,
    files.map((file) => ({ topic: 'file.deleted', payload: { keys: keysOf(file) }, requestId })),
  );
}

/** Step: deletes a file that another takes the place of; none is fine. */
export async function replaceFile(trx: Trx, actor: Actor, key: string | null): Promise<void> {
  const gone = key === null ? undefined : await deleteRow(trx, { key });
  if (gone) await addObjectsDeletedMessages(trx, [gone], actor.requestId);
}

/** What shows it shows nothing from then on. @throws AppError NOT_FOUND, also for another's */
export async function deleteFile(actor: Actor, id: number): Promise<void> {
  await getOwnFile(actor, id);
  await runInTransaction(async (trx) => {
    const gone = await deleteRow(trx, { id });
    if (!gone) throw new AppError('NOT_FOUND', 'File not found.');
    await addObjectsDeletedMessages(trx, [gone], actor.requestId);
    await recordActivity(trx, actor, { action: 'file.delete', subjectId: id });
  });
  bumpListVersion();
}

/** Step: deletes all that a user has uploaded. */
export async function deleteFilesOfUser(
  trx: Trx,
  { userId, requestId }: Pick<Actor, 'userId' | 'requestId'>,
): Promise<void> {
  await addObjectsDeletedMessages(trx, await deleteRowsOf(trx, userId), requestId);
}
