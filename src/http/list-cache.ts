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
// Of all lists put in since the cache was last emptied.
const MAX_BYTES = 64 * 1024 * 1024;

// The same list may be asked for in many spellings: `byUrl` knows the spelling, `byQuery` what it means.
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

async function makeEntry(make: () => Promise<unknown>): Promise<ListEntry> {
  // Of before the reading: what is written meanwhile makes the entry an old one.
  const version = getListVersion();
  const expiresAt = performance.now() + MAX_AGE_MS;
  const bytes = Buffer.from(JSON.stringify(await make()));
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
  return { bytes, etag, expiresAt, version };
}

async function getFreshEntry(query: string, make: () => Promise<unknown>): Promise<ListEntry> {
  const entry = byQuery.get(query);
  if (isFresh(entry)) return entry;
  // Whoever asks while one is being made waits for it, unless a write came between.
  const key = `${getListVersion()} ${query}`;
  let making = pendingByQuery.get(key);
  if (!making) {
    making = makeEntry(make)
      .then((made) => {
        cacheEntry(query, made);
        return made;
      })
      .finally(() => pendingByQuery.delete(key));
    pendingByQuery.set(key, making);
  }
  return making;
}

/** Answers from the cache if this spelling of the list is in it; undefined where it is not. */
export function sendCachedList(req: Request, res: Response): Promise<void> | undefined {
  const entry = byUrl.get(req.originalUrl);
  return isFresh(entry) ? send(req, res, entry) : undefined;
}

/** Answers with a list that is at most a second old; `query` says which, in one spelling. */
export async function sendList(
  req: Request,
  res: Response,
  { query, make }: { query: string; make: () => Promise<unknown> },
): Promise<void> {
  const entry = await getFreshEntry(query, make);
  if (byUrl.size >= MAX_ENTRIES) byUrl.clear();
  byUrl.set(req.originalUrl, entry);
  await send(req, res, entry);
}
