import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { config } from '../config';

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new Error(`${folder} can't be created there. Choose another folder with DATA_DIR.`, { cause: error });
    // Another start may have created it.
    if (code !== 'EEXIST') throw error;
  }
}

/**
 * Returns the data folder of the program, creating it if necessary.
 * @throws NodeJS.ErrnoException that says why it cannot be written to
 */
export function makeDataDir(): string {
  const folder = path.resolve(config.dataDir);
  const missing: string[] = [];
  let place = folder;
  for (; !existsSync(place); place = path.dirname(place)) missing.unshift(place);
  accessSync(place, constants.W_OK);
  // Node's recursive mkdir never ends where nothing can be made, as under /proc. Made here, a file in the way is named.
  if (missing.length === 0) mkdirSync(folder, { recursive: true });
  for (const each of missing) makeFolder(each);
  return folder;
}
