import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { listsVersion } from '../lib/list-version';
import { matches } from './etags';

interface Entry {
  bytes: Buffer;
  /** Made when somebody first asks for it. */
  zipped?: Promise<Buffer>;
  etag: string;
  expiresAt: number;
  version: number;
}

const LIFE_MS = 1000;
const MOST_ENTRIES = 2000;
// Of all lists put in since the cache was last emptied.
const MOST_BYTES = 64 * 1024 * 1024;
const LEAST_ZIPPED = 1024;

const zip = promisify(gzip);
// The same list may be asked for in many spellings: `byUrl` knows the spelling, `byQuery` what it means.
const byUrl = new Map<string, Entry>();
const byQuery = new Map<string, Entry>();
const underway = new Map<string, Promise<Entry>>();
let bytesKept = 0;

function isFresh(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.expiresAt > performance.now() && entry.version === listsVersion();
}

function keep(query: string, entry: Entry): void {
  bytesKept += entry.bytes.length;
  if (byQuery.size >= MOST_ENTRIES || bytesKept > MOST_BYTES) {
    byQuery.clear();
    byUrl.clear();
    bytesKept = 0;
  }
  byQuery.set(query, entry);
}

function sendBytes(req: Request, res: Response, { etag, content }: { etag: string; content: Buffer }): void {
  res.setHeader('ETag', etag);
  res.setHeader('Cache-Control', 'public, max-age=1');
  const known = req.headers['if-none-match'];
  if (known !== undefined && matches(known, etag)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', content.length);
  res.end(content);
}

async function sendZipped(req: Request, res: Response, entry: Entry): Promise<void> {
  entry.zipped ??= zip(entry.bytes);
  const content = await entry.zipped;
  res.setHeader('Content-Encoding', 'gzip');
  // Weak, since these are not the bytes that were hashed.
  sendBytes(req, res, { etag: `W/${entry.etag}`, content });
}

async function send(req: Request, res: Response, entry: Entry): Promise<void> {
  const accepted = req.headers['accept-encoding'];
  const isZipped =
    entry.bytes.length >= LEAST_ZIPPED &&
    accepted?.includes('gzip') === true &&
    req.acceptsEncodings('gzip') === 'gzip';
  if (isZipped) await sendZipped(req, res, entry);
  else sendBytes(req, res, { etag: entry.etag, content: entry.bytes });
}

async function makeEntry(make: () => Promise<unknown>): Promise<Entry> {
  // Of before the reading: what is written meanwhile makes the entry an old one.
  const version = listsVersion();
  const expiresAt = performance.now() + LIFE_MS;
  const bytes = Buffer.from(JSON.stringify(await make()));
  const etag = `"${createHash('sha1').update(bytes).digest('base64url')}"`;
  return { bytes, etag, expiresAt, version };
}

async function freshEntry(query: string, make: () => Promise<unknown>): Promise<Entry> {
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
