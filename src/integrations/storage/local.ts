import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../errors';
import { isKey } from '../../lib/files/file-keys';
import { whenClosed } from '../../lib/streams';
import type { Storage, StoredObject } from './types';

const PARTIAL = '.partial';

async function ignoreMissing<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new AppError('UNAVAILABLE', 'The files cannot be reached: try again in a moment.', { cause: error });
  });
}

// Without syncing the folder, a file could lose its name in a power failure.
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Stores objects as files in 256 subfolders of this folder. */
export function localStorage(root: string): Storage {
  function placeOf(key: string): string {
    if (!isKey(key)) throw new Error('This is not a file key.');
    return path.join(root, key.slice(0, 2), key);
  }

  async function write(key: string, content: NodeJS.ReadableStream): Promise<void> {
    const place = placeOf(key);
    const partial = path.join(root, PARTIAL, randomUUID());
    for (const file of [partial, place]) await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
    try {
      await pipeline(content, file);
      await rename(partial, place);
      await syncFolder(path.dirname(place));
    } catch (error) {
      await whenClosed(file);
      await rm(partial, { force: true });
      throw error;
    }
  }

  return {
    async put(key, content) {
      await write(key, content).catch((error: Error) => {
        throw new AppError('UNAVAILABLE', 'The file cannot be kept: try again in a moment.', { cause: error });
      });
    },

    async open(key) {
      const handle = await ignoreMissing(open(placeOf(key), 'r'));
      if (!handle) return undefined;
      const { size } = await handle.stat();
      return { content: handle.createReadStream(), size };
    },

    async sizeOf(key) {
      return (await ignoreMissing(stat(placeOf(key))))?.size;
    },

    async remove(key) {
      await ignoreMissing(rm(placeOf(key), { force: true }));
    },

    async *list(): AsyncGenerator<StoredObject> {
      const folders = ((await ignoreMissing(readdir(root))) ?? []).filter((name) => /^[0-9a-f]{2}$/.test(name));
      for (const folder of folders.sort()) {
        for (const key of ((await ignoreMissing(readdir(path.join(root, folder)))) ?? []).filter(isKey).sort()) {
          const found = await ignoreMissing(stat(placeOf(key)));
          if (found) yield { key, size: found.size, modifiedAt: found.mtime };
        }
      }
    },

    async dropUnfinished(before) {
      const folder = path.join(root, PARTIAL);
      let count = 0;
      for (const name of (await ignoreMissing(readdir(folder))) ?? []) {
        const file = path.join(folder, name);
        const found = await ignoreMissing(stat(file));
        if (!found || found.mtime >= before) continue;
        await rm(file, { force: true });
        count += 1;
      }
      return count;
    },

    close: () => undefined,
  };
}
