import { timingSafeEqual } from 'node:crypto';
import { config } from '../../config';
import { database } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  countDownload,
  findDownload,
  listDownloads as listRows,
  MAX_DOWNLOADS,
  type DownloadRow,
} from '../../models/orders/downloads';
import { openFile } from '../files/serve-file';
import { deriveToken } from '../secrets.service';

const LINK_SECONDS = 15 * 60;
const SIGNATURE_BYTES = 18;

interface DownloadItem {
  orderId: number;
  itemId: number;
}

const createNotFoundError = (): AppError => new AppError('NOT_FOUND', 'There is no such download.');

/** Returns the token of a link; `expires` is in seconds since the epoch. */
export function createDownloadToken({ orderId, itemId }: DownloadItem, expires: number): string {
  const content = `${orderId}.${itemId}.${expires}`;
  const signature = deriveToken('download', content).subarray(0, SIGNATURE_BYTES).toString('base64url');
  return `${content}.${signature}`;
}

/** Returns what a token is for; undefined if it is invalid or has expired. */
function readToken(token: string): DownloadItem | undefined {
  const match = /^([1-9]\d{0,9})\.([1-9]\d{0,4})\.(\d{1,12})\.[\w-]+$/.exec(token);
  if (!match) return undefined;
  const item = { orderId: Number(match[1]), itemId: Number(match[2]) };
  const expires = Number(match[3]);
  const [given, expected] = [Buffer.from(token), Buffer.from(createDownloadToken(item, expires))];
  const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
  return isGenuine && expires * 1000 > Date.now() ? item : undefined;
}

/** Asserts that the download is paid for and not refunded. @throws AppError ORDER_NOT_PAID */
function assertPaid({ isPaid, isRefunded }: DownloadRow): void {
  if (!isPaid) throw new AppError('ORDER_NOT_PAID');
  if (isRefunded) throw new AppError('ORDER_NOT_PAID', 'This download was refunded.');
}

/**
 * Returns a link to what the actor has bought, which works for 15 minutes. Each link counts, but its use does not.
 * @throws AppError NOT_FOUND, ORDER_NOT_PAID, DOWNLOAD_LIMIT_REACHED
 */
export async function startDownload(actor: Actor, { isHead, ...item }: DownloadItem & { isHead: boolean }) {
  const download = await findDownload(database, item);
  if (download?.userId !== actor.userId) throw createNotFoundError();
  assertPaid(download);
  if (download.fileKey === null) throw createNotFoundError();
  if (!isHead && !(await countDownload(database, item)))
    throw new AppError('DOWNLOAD_LIMIT_REACHED', undefined, {
      details: [{ path: 'itemId', message: `at most ${MAX_DOWNLOADS} times`, limit: MAX_DOWNLOADS }],
    });
  const expires = Math.floor(Date.now() / 1000) + LINK_SECONDS;
  return `${config.publicUrl}/api/downloads/${createDownloadToken(item, expires)}`;
}

/** Lists what the caller has bought to download, newest first, and how often each can still be started. */
export async function listDownloads(actor: Actor, query: { page: number; limit: number }) {
  const { rows, total } = await listRows(database, {
    userId: actor.userId,
    limit: query.limit,
    offset: getOffset(query),
  });
  const downloads = rows.map(({ started, createdAt, ...row }) => ({
    ...row,
    downloadsLeft: Math.max(0, MAX_DOWNLOADS - started),
    maxDownloads: MAX_DOWNLOADS,
    orderedAt: new Date(createdAt).toISOString(),
  }));
  return toPage(downloads, query, { total });
}

/** Opens the download that a link leads to. @throws AppError NOT_FOUND, also once it has expired; ORDER_NOT_PAID */
export async function openDownload(token: string) {
  const item = readToken(token);
  const download = item && (await findDownload(database, item));
  if (!download) throw createNotFoundError();
  assertPaid(download);
  if (download.fileKey === null) throw createNotFoundError();
  return { content: await openFile(download.fileKey), filename: download.fileName! };
}
