import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { config } from '../config';
import { whenClosed } from '../lib/streams';

// Longer than any request takes.
const FORGET_MS = 3_600_000;

let folder: Promise<string> | undefined;

/** Deletes files that a crashed process left behind. */
async function sweepFolder(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const file = path.join(place, name);
    const found = await stat(file).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > FORGET_MS) await rm(file, { force: true });
  }
}

async function openFolder(): Promise<string> {
  const place = path.resolve(config.dataDir, 'incoming');
  await mkdir(place, { recursive: true, mode: 0o700 });
  await sweepFolder(place);
  return place;
}

/** Returns a unique path for a file that is needed during one request. */
export async function createIncomingPath(): Promise<string> {
  folder ??= openFolder();
  folder.catch(() => (folder = undefined));
  return path.join(await folder, randomUUID());
}

export interface Received {
  path: string;
  size: number;
  /** The SHA-256 in hex. */
  digest: string;
}

/** Streams data to disk. Leaves no file behind if the stream fails. */
export async function receive(content: Readable): Promise<Received> {
  const target = await createIncomingPath();
  const hash = createHash('sha256');
  let size = 0;
  const file = createWriteStream(target, { flags: 'wx', mode: 0o600 });
  try {
    await pipeline(
      content,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      file,
    );
  } catch (error) {
    await whenClosed(file);
    await rm(target, { force: true });
    throw error;
  }
  return { path: target, size, digest: hash.digest('hex') };
}

export async function discard(...paths: string[]): Promise<void> {
  await Promise.all(paths.map((file) => rm(file, { force: true })));
}
