import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { listsVersion } from '../lib/list-version';
import { sendEntry, type Entry } from './entries';

interface ListEntry extends Entry {
  expiresAt: number;
  version: number;
}

const LIFE_MS = 1000;
const MOST_ENTRIES = 2000;
// Of all lists put in since the cache was last emptied.
const MOST_BYTES = 64 * 1024 * 1024;

// The same list may be asked for in many spellings: `byUrl` knows the spelling, `byQuery` what it means.
const byUrl = new Map<string, ListEntry>();
const byQuery = new Map<string, ListEntry>();
const underway = new Map<string, Promise<ListEntry>>();
let bytesKept = 0;

function isFresh(entry: ListEntry | undefined): entry is ListEntry {
  return entry !== undefined && entry.expiresAt > performance.now() && entry.version === listsVersion();
}

function keep(query: string, entry: ListEntry): void {
  bytesKept += entry.bytes.length;
  if (byQuery.size >= MOST_ENTRIES || bytesKept > MOST_BYTES) {
    byQuery.clear();
    byUrl.clear();
    bytesKept = 0;
  }
  byQuery.set(query, entry);
}

async function send(req: Request, res: Response, entry: ListEntry): Promise<void> {
  res.setHeader('Cache-Control', 'public, max-age=1');
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  await sendEntry(req, res, entry);
}

async function makeEntry(make: () => Promise<unknown>): Promise<ListEntry> {
  // Of before the reading: what is written meanwhile makes the entry an old one.
  const version = listsVersion();
  const expiresAt = performance.now() + LIFE_MS;
  const bytes = Buffer.from(JSON.stringify(await make()));
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
  return { bytes, etag, expiresAt, version };
}

async function freshEntry(query: string, make: () => Promise<unknown>): Promise<ListEntry> {
  const entry = byQuery.get(query);
  if (isFresh(entry)) return entry;
  // Whoever asks while one is being made waits for it, unless a write came between.
  const key = `${listsVersion()} ${query}`;
  let making = underway.get(key);
  if (!making) {
    making = makeEntry(make)
      .then((made) => {
        keep(query, made);
        return made;
      })
      .finally(() => underway.delete(key));
    underway.set(key, making);
  }
  return making;
}

/** Answers from the cache if this spelling of the list is in it; undefined where it is not. */
export function sendKnownList(req: Request, res: Response): Promise<void> | undefined {
  const entry = byUrl.get(req.originalUrl);
  return isFresh(entry) ? send(req, res, entry) : undefined;
}

/** Answers with a list that is at most a second old; `query` says which, in one spelling. */
export async function sendList(
  req: Request,
  res: Response,
  { query, make }: { query: string; make: () => Promise<unknown> },
): Promise<void> {
  const entry = await freshEntry(query, make);
  if (byUrl.size >= MOST_ENTRIES) byUrl.clear();
  byUrl.set(req.originalUrl, entry);
  await send(req, res, entry);
}
