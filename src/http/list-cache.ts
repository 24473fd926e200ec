import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { getListVersion } from '../runtime/list-version';
import { sendCachedBody, type CachedBody } from './cached-body';

interface ListEntry extends CachedBody {
  expiresAt: number;
  version: number;
}

const MAX_AGE_MS = 1000;
const MAX_ENTRIES = 2000;
// The limit on all entries added since the cache was last cleared.
const MAX_BYTES = 64 * 1024 * 1024;

// Different URLs can mean the same list: `byUrl` maps the exact URL, `byQuery` the validated query.
const byUrl = new Map<string, ListEntry>();
const byQuery = new Map<string, ListEntry>();
const pendingByQuery = new Map<string, Promise<ListEntry>>();
let cachedBytes = 0;

function isFresh(entry: ListEntry | undefined): entry is ListEntry {
  return entry !== undefined && entry.expiresAt > performance.now() && entry.version === getListVersion();
}

function cacheEntry(query: string, entry: ListEntry): void {
  cachedBytes += entry.bytes.length;
  if (byQuery.size >= MAX_ENTRIES || cachedBytes > MAX_BYTES) {
    byQuery.clear();
    byUrl.clear();
    cachedBytes = 0;
  }
  byQuery.set(query, entry);
}

async function send(req: Request, res: Response, entry: ListEntry): Promise<void> {
  res.setHeader('Cache-Control', 'public, max-age=1');
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  await sendCachedBody(req, res, entry);
}

async function buildEntry(build: () => Promise<unknown>): Promise<ListEntry> {
  // Taken before reading, so that a write in the meantime makes the entry stale.
  const version = getListVersion();
  const expiresAt = performance.now() + MAX_AGE_MS;
  const bytes = Buffer.from(JSON.stringify(await build()));
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
  return { bytes, etag, expiresAt, version };
}

async function getFreshEntry(query: string, build: () => Promise<unknown>): Promise<ListEntry> {
  const entry = byQuery.get(query);
  if (isFresh(entry)) return entry;
  // Concurrent requests share one entry in the making, unless a write came in between.
  const key = `${getListVersion()} ${query}`;
  let building = pendingByQuery.get(key);
  if (!building) {
    building = buildEntry(build)
      .then((built) => {
        cacheEntry(query, built);
        return built;
      })
      .finally(() => pendingByQuery.delete(key));
    pendingByQuery.set(key, building);
  }
  return building;
}

/** Sends the list from the cache if this exact URL is cached; otherwise returns undefined. */
export function sendCachedList(req: Request, res: Response): Promise<void> | undefined {
  const entry = byUrl.get(req.originalUrl);
  return isFresh(entry) ? send(req, res, entry) : undefined;
}

/** Sends a list that is at most one second old. `query` identifies it regardless of how the URL is spelled. */
export async function sendList(
  req: Request,
  res: Response,
  { query, build }: { query: string; build: () => Promise<unknown> },
): Promise<void> {
  const entry = await getFreshEntry(query, build);
  if (byUrl.size >= MAX_ENTRIES) byUrl.clear();
  byUrl.set(req.originalUrl, entry);
  await send(req, res, entry);
}
