import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { config } from '../config';
import { whenClosed } from '../lib/streams';

// Longer than any request lasts.
const FORGET_MS = 3_600_000;

let folder: Promise<string> | undefined;

/** What a process that died has left behind. */
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

/** A path of its own for something that is needed as long as a request lasts. */
export async function createIncomingPath(): Promise<string> {
  folder ??= openFolder();
  folder.catch(() => (folder = undefined));
  return path.join(await folder, randomUUID());
}

export interface Received {
  path: string;
  size: number;
  /** SHA-256, hex. */
  digest: string;
}

/** Writes what comes to disk as it comes; nothing is left where it breaks off. */
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
