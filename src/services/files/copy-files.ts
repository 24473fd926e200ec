import { database } from '../../database';
import type { Storage } from '../../integrations/storage';
import { getStorage, type StorageDriver } from '../../integrations/storage';
import { getFileType } from '../../lib/files/file-keys';
import { countObjects, listStoredFiles } from '../../models/files.model';

const COPY_CHUNK_SIZE = 100;
const MAX_CONCURRENT = 4;

export interface CopyReport {
  copied: number;
  /** Objects that the target already had. */
  kept: number;
  /** Keys of objects that the source lacks. */
  missing: string[];
}

type Progress = (done: number, total: number) => void;

interface CopyItem {
  key: string;
  size: number;
}

async function copyOne(from: Storage, to: Storage, { key, size }: CopyItem): Promise<keyof CopyReport> {
  if ((await to.sizeOf(key)) === size) return 'kept';
  const source = await from.open(key);
  if (!source) return 'missing';
  await to.put(key, source.content, { contentType: getFileType(key) });
  const written = await to.sizeOf(key);
  if (written !== size) throw new Error(`${key} should have ${size} bytes, but has ${written} in the new store.`);
  return 'copied';
}

/** Copies all files from one store to another. A repeated run skips objects that are already there. */
export async function copyFiles(from: StorageDriver, to: StorageDriver, progress: Progress): Promise<CopyReport> {
  const [source, target] = [getStorage(from), getStorage(to)];
  const report: CopyReport = { copied: 0, kept: 0, missing: [] };
  const total = await countObjects(database);
  let done = 0;

  async function copyNext(wanted: CopyItem[]): Promise<void> {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      const outcome = await copyOne(source, target, next);
      if (outcome === 'missing') report.missing.push(next.key);
      else report[outcome] += 1;
      done += 1;
      progress(done, total);
    }
  }

  for (let afterId = 0; ;) {
    const files = await listStoredFiles(database, { afterId, limit: COPY_CHUNK_SIZE });
    if (files.length === 0) return report;
    const wanted = files.flatMap(({ key, size, variants }): CopyItem[] => [{ key, size }, ...variants]);
    await Promise.all(Array.from({ length: MAX_CONCURRENT }, () => copyNext(wanted)));
    afterId = files.at(-1)!.id;
  }
}
